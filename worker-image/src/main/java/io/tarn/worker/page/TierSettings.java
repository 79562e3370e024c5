package io.tarn.worker.page;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;
import java.nio.file.Path;
import java.util.List;

/** The tiers of a worker and the bounds of its page store. Immutable. */
public record TierSettings(
        @Setting(
                key = "worker.tiers.mem.paths",
                doc = "Directories of the MEM tier, on a tmpfs, so that cached data survives a restart of the worker.",
                defaultValue = "/dev/shm/tarn")
        List<Path> memPaths,

        @Setting(
                key = "worker.tiers.mem.capacity",
                doc = "Space that the worker may use in each directory of the MEM tier; it is memory of the node.",
                defaultValue = "1GiB",
                min = "16MiB")
        DataSize memCapacity,

        @Setting(key = "worker.tiers.ssd.paths", doc = "Directories of the SSD tier, on local disks; empty for none.")
        List<Path> ssdPaths,

        @Setting(
                key = "worker.tiers.ssd.capacity",
                doc = "Space that the worker may use in each directory of the SSD tier.",
                defaultValue = "10GiB",
                min = "16MiB")
        DataSize ssdCapacity,

        @Setting(
                key = "worker.tiers.move-rate",
                doc =
                        "Bytes a second that are moved between tiers in the background; more adapts faster and takes more of the disks.",
                defaultValue = "256MiB",
                min = "1MiB")
        DataSize moveBytesPerSecond,

        @Setting(
                key = "worker.tiers.open-files",
                doc = "Cached files kept open at a time; each takes two of the process's file descriptors.",
                defaultValue = "2048",
                min = "16",
                max = "500000")
        int openFiles,

        @Setting(
                key = "worker.tiers.max-files",
                doc =
                        "Cached files at a time; each takes about 1 KiB of heap, beyond the bound new files are not cached.",
                defaultValue = "1000000",
                min = "1",
                max = "50000000")
        int maxFiles,

        @Setting(
                key = "worker.tiers.max-pinned-percent",
                doc =
                        "Share of the capacity of all tiers that pinned files may take; those beyond it are cached like others.",
                defaultValue = "80",
                min = "0",
                max = "100")
        int maxPinnedPercent) {
    public TierSettings {
        memPaths = List.copyOf(memPaths);
        ssdPaths = List.copyOf(ssdPaths);
    }
}
