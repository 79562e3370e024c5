package io.tarn.worker.page.store;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** The changes of single pages of one segment: stored, checked, evicted. Thread-safe: each holds the segment's read lock and the page's stripe. */
final class SegmentPages {
    private final Segment segment;
    private final StoredFile file;
    private final StoreParts parts;

    SegmentPages(Segment segment, StoreParts parts) {
        this.segment = segment;
        this.file = segment.file();
        this.parts = parts;
    }

    /** Writes a page into the space that the caller has reserved in {@code here}. @return false where the segment lies elsewhere by now */
    boolean write(SegmentFile here, int page, ByteBuffer content, int crc32c) throws IOException {
        ReentrantLock stripe = parts.stripe(file.id(), segment.firstPage() + page);
        segment.lock().readLock().lock();
        try {
            stripe.lock();
            try {
                if (segment.current() != here || !here.enter()) {
                    return false;
                }
                try {
                    if (segment.hasPage(page)) {
                        here.directory().released(segment.chargedBytes(page));
                        return true;
                    }
                    writeEntered(here, page, content, crc32c);
                    return true;
                } finally {
                    here.leave();
                }
            } finally {
                stripe.unlock();
            }
        } finally {
            segment.lock().readLock().unlock();
        }
    }

    private void writeEntered(SegmentFile here, int page, ByteBuffer content, int crc32c) throws IOException {
        int length = content.remaining();
        long position = (long) page * PageStore.PAGE_BYTES;
        try {
            here.write(position, content);
            here.writeEntry(page, IndexFormat.entry(here.header().salt(), page, crc32c, length));
        } catch (IOException e) {
            if (DiskFull.isCause(e)) {
                here.directory().foundFull(segment.chargedBytes(page));
            }
            here.punchHole(position, length);
            throw e;
        }
        here.addAllocated(segment.chargedBytes(page));
        here.usedReservation(segment.chargedBytes(page));
        segment.counted(1, length);
        segment.heat().touched(length);
        here.pages().put(page, crc32c, PageTable.VERIFIED, parts.clock().getAsInt());
        if (here.header().isEvictableByPage()) {
            here.directory().eviction().admit(DirectoryResidents.reference(here, page), (int)
                    segment.chargedBytes(page));
        }
    }

    /** Checks a page that was found at the start, before its first use. */
    void check(SegmentFile here, int page, long state) throws IOException {
        if ((state & PageTable.DAMAGED) != 0) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    "page " + (segment.firstPage() + page) + " of " + file.version() + " is damaged on "
                            + here.directory()
                            + ", and the under store does not have it: restore the file from its source, and check the disk");
        }
        ReentrantLock stripe = parts.stripe(file.id(), segment.firstPage() + page);
        segment.lock().readLock().lock();
        try {
            stripe.lock();
            try {
                if (segment.current() == here
                        && (here.pages().get(page) & (PageTable.PRESENT | PageTable.VERIFIED)) == PageTable.PRESENT) {
                    checkLocked(here, page);
                }
            } finally {
                stripe.unlock();
            }
        } finally {
            segment.lock().readLock().unlock();
        }
    }

    private void checkLocked(SegmentFile here, int page) throws IOException {
        if (!here.enter()) {
            return;
        }
        try {
            if (matches(here, page)) {
                here.pages().addFlags(page, PageTable.VERIFIED);
                parts.metrics().verifiedPage();
                return;
            }
            parts.metrics().corruptPage();
            here.directory().reportCorrupt(file.version(), segment.firstPage() + page);
            if (file.isPersisted()) {
                remove(here, page);
            } else {
                here.pages().addFlags(page, PageTable.DAMAGED);
            }
        } finally {
            here.leave();
        }
    }

    private boolean matches(SegmentFile here, int page) throws IOException {
        ByteBuffer buffer = parts.buffers().take();
        try {
            buffer.limit(file.pageLength(segment.firstPage() + page));
            here.read((long) page * PageStore.PAGE_BYTES, buffer);
            return PageChecksum.of(buffer.flip())
                    == PageTable.crc32cOf(here.pages().get(page));
        } catch (IOException e) {
            if (!file.isPersisted()) {
                throw e;
            }
            here.directory().failed("reading page " + (segment.firstPage() + page) + " of " + file.version(), e);
            return false;
        } finally {
            parts.buffers().giveBack(buffer);
        }
    }

    /** Evicts a page on behalf of the queues; false where it is in use, or the segment is busy. */
    boolean evict(SegmentFile here, int page) {
        if (!segment.lock().readLock().tryLock()) {
            return false;
        }
        boolean evicted = false;
        try {
            ReentrantLock stripe = parts.stripe(file.id(), segment.firstPage() + page);
            if (stripe.tryLock()) {
                try {
                    evicted =
                            segment.current() == here && here.header().isEvictableByPage() && evictEntered(here, page);
                } finally {
                    stripe.unlock();
                }
            }
        } finally {
            segment.lock().readLock().unlock();
        }
        if (evicted && segment.presentPages() == 0) {
            file.dropIfEmpty(segment);
        }
        return evicted;
    }

    private boolean evictEntered(SegmentFile here, int page) {
        try {
            if (!here.enter()) {
                return false;
            }
            try {
                long charged = segment.chargedBytes(page);
                boolean removed = clear(here, page) != 0;
                if (removed) {
                    parts.metrics().evicted(here.directory().tier(), charged);
                }
                return removed;
            } finally {
                here.leave();
            }
        } catch (IOException e) {
            here.directory().failed("evicting a page of " + file.version(), e);
            return false;
        }
    }

    /** Drops a page that the queues still count. */
    private void remove(SegmentFile here, int page) {
        long state = clear(here, page);
        if (state != 0 && here.header().isEvictableByPage()) {
            here.directory().eviction().removed((int) segment.chargedBytes(page), (state & PageTable.MAIN) != 0);
        }
    }

    /** Entry first, then hole, so that no entry ever stands for zeros. @return the page's state before, 0 where it is leased or absent */
    private long clear(SegmentFile here, int page) {
        long state = here.pages().removeIfIdle(page);
        if (state == 0) {
            return 0;
        }
        int length = file.pageLength(segment.firstPage() + page);
        segment.counted(-1, -length);
        try {
            here.writeEntry(page, 0);
            if (!here.header().exported()) {
                here.punchHole((long) page * PageStore.PAGE_BYTES, length);
            }
        } catch (IOException e) {
            here.directory().failed("punching a page of " + file.version(), e);
        }
        here.addAllocated(-segment.chargedBytes(page));
        here.directory().released(segment.chargedBytes(page));
        return state;
    }
}
