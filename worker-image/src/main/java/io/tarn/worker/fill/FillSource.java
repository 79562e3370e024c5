package io.tarn.worker.fill;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.worker.metrics.MountMeters;
import io.tarn.worker.page.PageStore;
import org.jspecify.annotations.Nullable;

/**
 * Where the pages of one file version come from.
 *
 * @param lengthBytes of the whole file
 * @param displayPath the file's path in the namespace, for messages
 * @param sharing how other workers take part; null: they do not
 */
public record FillSource(
        FileVersion version,
        long lengthBytes,
        Backing backing,
        String displayPath,
        MountMeters meters,
        @Nullable Sharing sharing) {
    /**
     * What other workers are shown and asked.
     *
     * @param ticket for this version
     * @param blockBytes in a block, each of which has a home of its own
     * @param fromWorker another worker takes this one for the home
     * @param homes which workers blocks have their homes on
     */
    public record Sharing(SignedTicket ticket, long blockBytes, boolean fromWorker, WorkerSelector homes) {
        long block(int page) {
            return (long) page * PageStore.PAGE_BYTES / blockBytes;
        }
    }

    /** Whether two pages have the same home. */
    boolean sameHome(int page, int other) {
        return sharing == null || sharing.block(page) == sharing.block(other);
    }

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
