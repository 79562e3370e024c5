/** The processes that quickstart and benchmarks start, the directory that they work in, and how both disappear at the end. */
@NullMarked
package io.tarn.benchmarks.process;

import org.jspecify.annotations.NullMarked;
