/**
 * Objects of the embedded S3 server, kept in plain files under generated names. Keys never become file names, so a bucket takes every key that S3 takes:
 * {@code a} beside {@code a/b}, empty segments, "..", anything in UTF-8.
 *
 * <p>The package's name is not free: the protocol's front knows what a backend can do by the name of its class, and takes one that has {@code awssdk} in it
 * for S3 itself, with conditional writes.
 */
@NullMarked
package io.tarn.testing.s3.awssdk;

import org.jspecify.annotations.NullMarked;
