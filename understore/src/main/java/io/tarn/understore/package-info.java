/**
 * Under stores: the storage systems that Tarn caches. {@link io.tarn.understore.UnderStore} is the specification; each adapter has a package of
 * its own.
 */
@NullMarked
package io.tarn.understore;

import org.jspecify.annotations.NullMarked;
