/** Tests of the page store on real files. */
@NullMarked
package io.tarn.worker.page.store;

import org.jspecify.annotations.NullMarked;
