/** Connections to workers: pipelined requests in the data plane's frames, over TCP or a Unix socket. */
@NullMarked
package io.tarn.client.internal.data;

import org.jspecify.annotations.NullMarked;
