package io.tarn.worker;

import io.tarn.runtime.http.MonitoringConfig;
import io.tarn.runtime.log.LogConfig;

/** The settings of a worker's process, by part. */
public record WorkerSettings(WorkerConfig worker, MonitoringConfig monitoring, LogConfig log) {}
