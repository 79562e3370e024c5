/** Tests of the page index on its own. */
@NullMarked
package io.tarn.worker.page.index;

import org.jspecify.annotations.NullMarked;
