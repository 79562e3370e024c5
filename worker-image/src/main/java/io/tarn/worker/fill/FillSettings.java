package io.tarn.worker.fill;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;

/** How pages are fetched from under stores. */
public record FillSettings(
        @Setting(
                key = "worker.fill.memory",
                doc = "Memory for pages that are on their way from an under store; fetches wait while it is used up.",
                defaultValue = "256MiB",
                min = "16MiB",
                max = "64GiB")
        DataSize memory,

        @Setting(
                key = "worker.fill.read-ahead",
                doc = "How far ahead of a sequential reader pages are fetched at most; more hides a slower store.",
                defaultValue = "64MiB",
                min = "0",
                max = "1GiB")
        DataSize readAhead,

        @Setting(
                key = "worker.fill.request-size",
                doc = "The longest range that one request asks of an under store.",
                defaultValue = "8MiB",
                min = "1MiB",
                max = "64MiB")
        DataSize requestSize,

        @Setting(
                key = "worker.fill.max-requests",
                doc = "Requests to under stores in flight at once; half of them may be for read-ahead.",
                defaultValue = "64",
                min = "2",
                max = "4096")
        int maxRequests,

        @Setting(
                key = "worker.fill.local-copies-percent",
                doc =
                        "What readers of this worker have read of other workers' pages is kept here, too, in at most so much of the capacity; a larger share makes more reads local, and leaves less room for what only this worker keeps for the cluster.",
                defaultValue = "20",
                min = "0",
                max = "100")
        int localCopiesPercent) {
    /** As the reference documents them. */
    public static final FillSettings DEFAULT =
            new FillSettings(DataSize.parse("256MiB"), DataSize.parse("64MiB"), DataSize.parse("8MiB"), 64, 20);
}
