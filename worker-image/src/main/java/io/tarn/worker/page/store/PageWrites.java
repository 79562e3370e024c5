package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.PageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores pages of a file, where there is room or room can be made, while its segments may move between the tiers. Thread-safe. */
final class PageWrites {
    private static final Logger LOG = LoggerFactory.getLogger(PageWrites.class);

    /** Times that a segment may move away under a store before the page is given up. */
    private static final int MAX_STORE_ATTEMPTS = 16;

    private final StoredFile file;
    private final StoreParts parts;

    PageWrites(StoredFile file, StoreParts parts) {
        this.file = file;
        this.parts = parts;
    }

    /**
     * @return false where a page that the under store has is not cached, since there is no room, or a disk fails
     * @throws TarnException NO_SPACE where a page that is nowhere else finds no room
     */
    boolean store(int page, ByteBuffer content, int crc32c) throws TarnException {
        file.expectPage(page, content.remaining());
        Segment segment = file.segment(page / file.segmentPages());
        int inSegment = page % file.segmentPages();
        boolean stored;
        try {
            stored = tryStore(segment, inSegment, content, crc32c);
        } catch (IOException e) {
            if (!file.isPersisted()) {
                throw file.failure("storing page " + page, e);
            }
            LOG.warn("page {} of {} is not cached", page, file.version(), e);
            return false;
        }
        if (!stored && !file.isPersisted()) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "no room for page " + page + " of " + file.version()
                            + ": what fills the tiers of this worker is pinned, or not in an under store"
                            + " yet; wait for it, unpin or delete files, or add capacity (worker.tiers.*.capacity)");
        }
        parts.pinning().enforce(file);
        return stored;
    }

    /** Stores the short last page of a file that is being written, or replaces it by a longer one. */
    void storeLast(int page, ByteBuffer content, int crc32c) throws TarnException {
        Segment segment = file.segment(page / file.segmentPages());
        int inSegment = page % file.segmentPages();
        if (!segment.hasPage(inSegment)) {
            storeFirstOfLast(page, content, crc32c);
            return;
        }
        try {
            new LastPage(segment, parts).replace(inSegment, content, crc32c);
        } catch (IOException e) {
            throw file.failure("storing page " + page, e);
        }
    }

    /** Where it does not fit, the file has no short page yet. */
    private void storeFirstOfLast(int page, ByteBuffer content, int crc32c) throws TarnException {
        boolean stored = false;
        try {
            stored = store(page, content, crc32c);
        } finally {
            if (!stored) {
                file.tailChanged(page, PageStore.PAGE_BYTES);
            }
        }
    }

    private boolean tryStore(Segment segment, int page, ByteBuffer content, int crc32c) throws IOException {
        int attempts = MAX_STORE_ATTEMPTS;
        while (!segment.hasPage(page)) {
            SegmentFile here = segment.currentOrCreate();
            if (here == null || attempts-- == 0 || segment.pages().isHeldDamaged(here, page)) {
                return false;
            }
            long charged = segment.chargedBytes(page);
            if (parts.placement().makeRoom(segment, here, charged, parts)) {
                writeReserved(segment, here, page, content, crc32c, charged);
            } else if (segment.current() == here) {
                return false;
            }
        }
        return true;
    }

    private static void writeReserved(
            Segment segment, SegmentFile here, int page, ByteBuffer content, int crc32c, long charged)
            throws IOException {
        boolean written = false;
        try {
            written = segment.pages().write(here, page, content, crc32c);
        } catch (IOException e) {
            if (!DiskFull.isCause(e)) {
                throw e;
            }
            LOG.debug("the disk is full: the directory's capacity was lowered, so the next attempt makes room", e);
        } finally {
            if (!written) {
                here.directory().released(charged);
            }
        }
    }
}
