package io.tarn.worker.scrub;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;
import java.time.Duration;

/** How often and how fast cached pages are checked in the background. Immutable. */
public record ScrubSettings(
        @Setting(
                key = "worker.scrub.cycle",
                doc =
                        "Every cached page is compared with its checksum once in this time; damage is found within it. A start begins a new cycle.",
                defaultValue = "1d",
                min = "1m",
                max = "90d")
        Duration cycle,

        @Setting(
                key = "worker.scrub.rate",
                doc =
                        "Bytes a second that checks of cached pages read at most; checks are spread over the cycle, but for those after an unclean stop,"
                                + " which run at this rate. 0: no checks in the background.",
                defaultValue = "64MiB",
                min = "0")
        DataSize bytesPerSecond) {
    /** As the reference documents them. */
    public static final ScrubSettings DEFAULT = new ScrubSettings(Duration.ofDays(1), DataSize.parse("64MiB"));
}
