/** What the embedded S3 server promises to the suites that rely on it. */
@NullMarked
package io.tarn.testing.s3;

import org.jspecify.annotations.NullMarked;
