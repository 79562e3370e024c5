/** Work for any Hadoop file system, asked for line by line, and an Alluxio to do it with. */
@NullMarked
package io.tarn.benchmarks.alluxio;

import org.jspecify.annotations.NullMarked;
