/** The benchmarks of {@code bin/benchmark}: whole systems, in processes of their own, beside what the machine does without them. */
@NullMarked
package io.tarn.benchmarks.system;

import org.jspecify.annotations.NullMarked;
