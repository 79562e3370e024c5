/** Pages in sparse files: the store of cached data. Starting point: {@link io.tarn.worker.page.PageStore}. */
@NullMarked
package io.tarn.worker.page;

import org.jspecify.annotations.NullMarked;
