/**
 * Checkpoints of the state, and getting the state back after its files were lost or damaged. Starting points: {@link
 * io.tarn.master.checkpoint.MasterDirectory} opens what a master keeps on disk; {@link io.tarn.master.checkpoint.Checkpointer} makes checkpoints.
 */
@NullMarked
package io.tarn.master.checkpoint;

import org.jspecify.annotations.NullMarked;
