package io.tarn.master.checkpoint;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;
import java.time.Duration;

/** When checkpoints are made. Each lets the journal forget what the one before it holds. */
public record CheckpointConfig(
        @Setting(
                key = "master.checkpoint.interval",
                doc =
                        "Time between checkpoints of a state that changes. A larger value means a longer journal and a slower restart.",
                defaultValue = "10m",
                min = "1s")
        Duration interval,

        @Setting(
                key = "master.checkpoint.journal-size",
                doc =
                        "A checkpoint is made early when the journal takes this much disk. A larger value means fewer checkpoints and a slower restart.",
                defaultValue = "512MiB",
                min = "4MiB")
        DataSize journalSize) {
    public static final CheckpointConfig DEFAULT =
            new CheckpointConfig(Duration.ofMinutes(10), new DataSize(512L << 20));
}
