/**
 * The part of the quickstart that runs inside Spark: generates TPC-H tables and runs TPC-H queries on whichever file system a URI names. It has no
 * dependency on Tarn, as a user's own Spark program has none.
 */
@NullMarked
package io.tarn.benchmarks.spark;

import org.jspecify.annotations.NullMarked;
