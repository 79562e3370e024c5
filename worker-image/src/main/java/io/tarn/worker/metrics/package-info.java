/** What the worker counts, for Prometheus and for the heartbeats to the master. */
@NullMarked
package io.tarn.worker.metrics;

import org.jspecify.annotations.NullMarked;
