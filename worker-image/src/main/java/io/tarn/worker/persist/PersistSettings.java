package io.tarn.worker.persist;

import io.tarn.runtime.config.Setting;

/** Bounds of a worker's persists. */
public record PersistSettings(
        @Setting(
                key = "worker.persists",
                doc =
                        "Files that may be on their way into under stores at a time; each takes 1 MiB of memory and what its store's adapter needs (S3: a part).",
                defaultValue = "16",
                min = "1",
                max = "1000")
        int atOnce) {
    public static final PersistSettings DEFAULT = new PersistSettings(16);
}
