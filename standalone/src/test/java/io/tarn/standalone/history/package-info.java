/**
 * A whole cluster of real processes that are killed, paused and cut off from each other under load, and the proof that what its clients saw could have been seen of
 * one single copy. Starting point: {@link io.tarn.standalone.history.HistoryRun}.
 */
@NullMarked
package io.tarn.standalone.history;

import org.jspecify.annotations.NullMarked;
