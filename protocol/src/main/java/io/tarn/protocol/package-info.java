/** What two Tarn processes must agree on. Starting points: {@code v1} (messages), {@code frame}, {@code id}, {@code error}. */
@NullMarked
package io.tarn.protocol;

import org.jspecify.annotations.NullMarked;
