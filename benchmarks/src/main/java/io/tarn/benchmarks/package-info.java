/** Programs that show what Tarn does on this machine: the quickstart, and benchmarks beside raw hardware. */
@NullMarked
package io.tarn.benchmarks;

import org.jspecify.annotations.NullMarked;
