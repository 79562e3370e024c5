/** Tests of the data plane over real sockets, with a client that speaks raw frames. */
@NullMarked
package io.tarn.worker.server;

import org.jspecify.annotations.NullMarked;
