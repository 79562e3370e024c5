/** How well eviction policies keep what is read again. Starting point: {@link io.tarn.benchmarks.eviction.Policy}. */
@NullMarked
package io.tarn.benchmarks.eviction;

import org.jspecify.annotations.NullMarked;
