/** Connections to the other workers of the cluster. Starting point: {@link io.tarn.worker.peer.Peers}. */
@NullMarked
package io.tarn.worker.peer;

import org.jspecify.annotations.NullMarked;
