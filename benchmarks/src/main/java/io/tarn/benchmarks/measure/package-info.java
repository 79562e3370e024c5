/** How a speed is measured: warmed up, several rounds, raw hardware and Tarn in turn, so that both see the same machine; least, median and most are kept. */
@NullMarked
package io.tarn.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
