/** The page index on disk: which pages of a sparse file are there, with their checksums. Starting point: {@link io.tarn.worker.page.index.IndexFormat}. */
@NullMarked
package io.tarn.worker.page.index;

import org.jspecify.annotations.NullMarked;
