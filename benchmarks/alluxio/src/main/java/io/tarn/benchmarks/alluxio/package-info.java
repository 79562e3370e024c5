/** Work for any Hadoop file system, asked for line by line, and an Alluxio to do it with. */
package io.tarn.benchmarks.alluxio;
