/**
 * What the mounted stores hold: rows in the state store's MIRROR table, loaded on demand and as old as the mount's sync interval allows. Starting point:
 * {@link io.tarn.master.mirror.Mirror}. Store I/O happens here, in the threads of the callers, never in the leader's.
 */
@NullMarked
package io.tarn.master.mirror;

import org.jspecify.annotations.NullMarked;
