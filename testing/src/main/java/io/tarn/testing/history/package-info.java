/** Histories of what clients saw, and whether one copy of each file can have shown them. Starting point: {@link io.tarn.testing.history.Paths}. */
@NullMarked
package io.tarn.testing.history;

import org.jspecify.annotations.NullMarked;
