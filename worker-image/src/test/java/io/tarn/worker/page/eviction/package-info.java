/** Tests of the page eviction on its own. */
@NullMarked
package io.tarn.worker.page.eviction;

import org.jspecify.annotations.NullMarked;
