package io.tarn.worker.page.store;

import io.tarn.protocol.id.FileVersion;
import java.nio.file.Path;

/** Where a segment lies in a tier directory: {@code <2 hex>/<version>.<segment>.data} and {@code .index}. */
record SegmentPaths(Path data, Path index) {
    static final String DATA = ".data";
    static final String INDEX = ".index";

    static SegmentPaths of(Path directory, FileVersion version, int segmentNumber) {
        Path folder = directory.resolve(folderOf(version));
        String name = version + "." + segmentNumber;
        return new SegmentPaths(folder.resolve(name + DATA), folder.resolve(name + INDEX));
    }

    /** One of 256 names, evenly spread for owned versions too. */
    static String folderOf(FileVersion version) {
        long mixed = (version.high() * 31 + version.low()) * 0x9E3779B97F4A7C15L;
        return hex((int) (mixed >>> 56));
    }

    static String hex(int folder) {
        return Integer.toHexString(0x100 | folder).substring(1);
    }
}
