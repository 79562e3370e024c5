/** The under stores of the mount table, opened by mount id and shared by fills and uploads. Starting point: {@link io.tarn.worker.store.MountedStores}. */
@NullMarked
package io.tarn.worker.store;

import org.jspecify.annotations.NullMarked;
