package io.tarn.worker.fill;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.worker.metrics.MountMeters;
import io.tarn.worker.page.PageStore;

/**
 * Where the pages of one file version come from.
 *
 * @param lengthBytes of the whole file
 * @param displayPath the file's path in the namespace, for messages
 */
public record FillSource(
        FileVersion version, long lengthBytes, Backing backing, String displayPath, MountMeters meters) {
    /** Bytes in a page of this file: less than a whole page at the end of the file, 0 after it. */
    public int pageLength(int page) {
        long rest = lengthBytes - (long) page * PageStore.PAGE_BYTES;
        return (int) Math.clamp(rest, 0, PageStore.PAGE_BYTES);
    }

    /** The number of the last page; -1 for an empty file. */
    public int lastPage() {
        return (int) ((lengthBytes + PageStore.PAGE_BYTES - 1) / PageStore.PAGE_BYTES) - 1;
    }
}
