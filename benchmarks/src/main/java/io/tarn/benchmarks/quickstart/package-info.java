/**
 * The README's first command: TPC-H by Spark SQL on S3 as it is, and through Tarn, with what S3 was asked for counted by the S3 server itself. Everything
 * runs in processes of its own, as it would for a user; this program only starts them, tells them what to do and reads the counters.
 */
@NullMarked
package io.tarn.benchmarks.quickstart;

import org.jspecify.annotations.NullMarked;
