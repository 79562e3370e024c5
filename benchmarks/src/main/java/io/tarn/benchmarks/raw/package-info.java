/** What the machine does without Tarn: the figures beside which Tarn's stand. */
@NullMarked
package io.tarn.benchmarks.raw;

import org.jspecify.annotations.NullMarked;
