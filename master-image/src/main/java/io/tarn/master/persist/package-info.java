/** What workers are asked to bring to under stores, and what they say about it. Starting point: {@link io.tarn.master.persist.PersistExchange}. */
@NullMarked
package io.tarn.master.persist;

import org.jspecify.annotations.NullMarked;
