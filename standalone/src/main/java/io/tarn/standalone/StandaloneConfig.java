package io.tarn.standalone;

import io.tarn.master.MasterConfig;
import io.tarn.runtime.http.MonitoringConfig;
import io.tarn.runtime.log.LogConfig;
import io.tarn.worker.WorkerConfig;

/** The settings of a standalone process, by part. */
public record StandaloneConfig(
        StandaloneSettings standalone,
        MasterConfig master,
        WorkerConfig worker,
        MonitoringConfig monitoring,
        LogConfig log) {}
