/**
 * Pages on their way from an under store. Starting points: {@link io.tarn.worker.fill.FillSession}, what one open file asks for, and
 * {@link io.tarn.worker.fill.FillRun}, one ranged request that fills a row of pages for all who wait for them.
 */
@NullMarked
package io.tarn.worker.fill;

import org.jspecify.annotations.NullMarked;
