/** Which workers a file's pages belong to. Starting point: {@link io.tarn.protocol.placement.Rendezvous}. */
@NullMarked
package io.tarn.protocol.placement;

import org.jspecify.annotations.NullMarked;
