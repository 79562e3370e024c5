/** Files being written: into the page store, the under store, or both. Starting point: {@link io.tarn.worker.write.WriteSession}. */
@NullMarked
package io.tarn.worker.write;

import org.jspecify.annotations.NullMarked;
