/** S3 and everything that speaks its protocol: AWS, MinIO, Ceph's gateway, Swift's s3api. */
@NullMarked
package io.tarn.understore.s3;

import org.jspecify.annotations.NullMarked;
