/** Metadata calls to the masters, by gRPC. */
@NullMarked
package io.tarn.client.internal.master;

import org.jspecify.annotations.NullMarked;
