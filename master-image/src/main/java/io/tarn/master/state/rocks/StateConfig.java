package io.tarn.master.state.rocks;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;

/** Memory that the state store may take; what does not fit is read from disk. */
public record StateConfig(
        @Setting(
                key = "master.state.heap-cache",
                doc =
                        "Heap for inodes and directory entries that are read often. A larger value saves reads of the block cache.",
                defaultValue = "64MiB",
                min = "1MiB")
        DataSize heapCache,

        @Setting(
                key = "master.state.block-cache",
                doc =
                        "Memory outside the heap for blocks of the state's files, their indexes and filters. A larger value saves disk reads.",
                defaultValue = "128MiB",
                min = "8MiB")
        DataSize blockCache,

        @Setting(
                key = "master.state.write-buffer",
                doc =
                        "Memory outside the heap for changes that are not in the state's files yet. A larger value makes fewer, larger files.",
                defaultValue = "64MiB",
                min = "4MiB")
        DataSize writeBuffer,

        @Setting(
                key = "master.state.open-files",
                doc = "Files of the state that are kept open. A larger value saves opening them again.",
                defaultValue = "512",
                min = "64",
                max = "100000")
        int openFiles) {
    public static final StateConfig DEFAULT =
            new StateConfig(new DataSize(64L << 20), new DataSize(128L << 20), new DataSize(64L << 20), 512);
}
