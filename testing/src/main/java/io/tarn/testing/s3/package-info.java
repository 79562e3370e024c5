/**
 * A real S3 server for tests and benchmarks, in this process ({@link io.tarn.testing.s3.EmbeddedS3}) or in its own
 * ({@link io.tarn.testing.s3.S3ServerMain}), that counts what it serves and is as slow as it is told to be.
 */
@NullMarked
package io.tarn.testing.s3;

import org.jspecify.annotations.NullMarked;
