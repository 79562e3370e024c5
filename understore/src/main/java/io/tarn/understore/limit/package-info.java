/** Rates: how fast a mount may ask its store, read from it and write to it. */
@NullMarked
package io.tarn.understore.limit;

import org.jspecify.annotations.NullMarked;
