/**
 * The embeddable Java client. Starting point: {@link io.tarn.client.TarnClient}. Everything here runs on Java 17 and is safe for many threads unless
 * it says otherwise; failures are {@link io.tarn.protocol.error.TarnException}s.
 */
@NullMarked
package io.tarn.client;

import org.jspecify.annotations.NullMarked;
