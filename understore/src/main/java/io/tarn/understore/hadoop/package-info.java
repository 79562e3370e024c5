/**
 * Every storage system that has a Hadoop file system: HDFS, Ozone, OSS, Swift, Azure, Google. Hadoop's jars are needed at run time for these schemes
 * only; {@link io.tarn.understore.hadoop.HadoopStoreFactory} says which where they are missing.
 */
@NullMarked
package io.tarn.understore.hadoop;

import org.jspecify.annotations.NullMarked;
