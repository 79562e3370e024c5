/** Which page leaves first. Starting point: {@link io.tarn.worker.page.eviction.S3Fifo}. */
@NullMarked
package io.tarn.worker.page.eviction;

import org.jspecify.annotations.NullMarked;
