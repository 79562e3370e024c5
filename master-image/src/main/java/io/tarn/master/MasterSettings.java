package io.tarn.master;

import io.tarn.runtime.http.MonitoringConfig;
import io.tarn.runtime.log.LogConfig;

/** The settings of a master's process, by part. */
public record MasterSettings(MasterConfig master, MonitoringConfig monitoring, LogConfig log) {}
