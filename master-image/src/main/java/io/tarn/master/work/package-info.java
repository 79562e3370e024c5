/** Threads and locks for what must wait: calls of under stores, and what is done now and then. Knows neither namespace nor stores. */
@NullMarked
package io.tarn.master.work;

import org.jspecify.annotations.NullMarked;
