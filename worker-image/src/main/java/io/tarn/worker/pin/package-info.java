/** Which files stay in the cache by the user's wish, and whether they still do. Starting point: {@link io.tarn.worker.pin.Pins}. */
@NullMarked
package io.tarn.worker.pin;

import org.jspecify.annotations.NullMarked;
