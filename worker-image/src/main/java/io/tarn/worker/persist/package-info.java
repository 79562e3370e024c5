/**
 * Brings files that only the cache holds to their under stores, as the master orders (docs/design/writes.md). Starting point: {@link
 * io.tarn.worker.persist.PersistService}.
 */
@NullMarked
package io.tarn.worker.persist;

import org.jspecify.annotations.NullMarked;
