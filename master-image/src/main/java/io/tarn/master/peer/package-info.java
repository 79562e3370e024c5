/** What masters ask each other. Starting point: {@link io.tarn.master.peer.Peers}. */
@NullMarked
package io.tarn.master.peer;

import org.jspecify.annotations.NullMarked;
