package io.tarn.master.journal.embedded;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;

/** How the embedded journal uses its disk. */
public record JournalConfig(
        @Setting(
                key = "master.journal.segment",
                doc =
                        "Size of one file of the journal; one more is kept in reserve. A larger value means fewer files, and trimming in larger steps.",
                defaultValue = "32MiB",
                min = "1MiB",
                max = "1GiB")
        DataSize segment) {
    public static final JournalConfig DEFAULT = new JournalConfig(new DataSize(32L << 20));
}
