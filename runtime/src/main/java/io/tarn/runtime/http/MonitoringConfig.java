package io.tarn.runtime.http;

import io.tarn.runtime.config.Setting;

/** Where a process tells about itself over HTTP. */
public record MonitoringConfig(
        @Setting(
                key = "http.host",
                doc = "Address that the HTTP server for metrics, health and readiness listens on.",
                defaultValue = "0.0.0.0")
        String host,

        @Setting(
                key = "http.port",
                doc = "Port of the HTTP server for metrics, health and readiness; 0 takes any free one.",
                defaultValue = "9652",
                min = "0",
                max = "65535")
        int port) {}
