package io.tarn.standalone;

import io.tarn.runtime.config.Setting;
import java.nio.file.Path;

/** What master and worker of one process share. */
public record StandaloneSettings(
        @Setting(
                key = "standalone.data",
                doc = "Directory of journal, namespace and SSD tier; one process at a time uses it.",
                defaultValue = "/var/lib/tarn")
        Path data) {}
