package io.tarn.worker.page.store;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.PageCondition;
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
                    if (PageTable.isPresent(here.pages().get(page))) {
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
        if (here.isEvictableByPage()) {
            here.queues().admit(DirectoryResidents.reference(here, page), (int) segment.chargedBytes(page));
        }
    }

    /**
     * Makes the last page of a file that is being written longer or shorter. The space for what it grows by was reserved in {@code here}.
     *
     * @param content all of its bytes; those that were there before are the same
     * @return false where the segment lies elsewhere by now
     */
    boolean replaceLast(SegmentFile here, int page, ByteBuffer content, int crc32c) throws IOException {
        ReentrantLock stripe = parts.stripe(file.id(), segment.firstPage() + page);
        segment.lock().readLock().lock();
        try {
            stripe.lock();
            try {
                if (segment.current() != here || !segment.hasPage(page) || !here.enter()) {
                    return false;
                }
                try {
                    replaceEntered(here, page, content, crc32c);
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

    private void replaceEntered(SegmentFile here, int page, ByteBuffer content, int crc32c) throws IOException {
        int global = segment.firstPage() + page;
        int oldLength = file.pageLength(global);
        long oldCharged = segment.chargedBytes(page);
        int length = content.remaining();
        if (length > oldLength) {
            ByteBuffer more = content.slice(content.position() + oldLength, length - oldLength);
            here.write((long) page * PageStore.PAGE_BYTES + oldLength, more);
        }
        here.writeEntry(page, IndexFormat.entry(here.header().salt(), page, crc32c, length));
        file.tailChanged(global, length);
        long grown = segment.chargedBytes(page) - oldCharged;
        here.addAllocated(grown);
        if (grown < 0) {
            here.directory().released(-grown);
        }
        segment.counted(0, length - oldLength);
        here.pages().put(page, crc32c, PageTable.VERIFIED, parts.clock().getAsInt());
    }

    /** Drops all pages of the segment after this one, which nobody reads: the file was being written. */
    void dropAfter(int page) throws IOException {
        segment.lock().writeLock().lock();
        try {
            SegmentFile here = segment.current();
            if (here == null || !here.enter()) {
                return;
            }
            try {
                for (int present : here.pages().presentPages()) {
                    if (present > page) {
                        clear(here, present);
                    }
                }
            } finally {
                here.leave();
            }
        } finally {
            segment.lock().writeLock().unlock();
        }
    }

    /** Checks a page that was found at the start, before its first use. @return false where it is absent now, or will be when its last lease ends */
    boolean check(SegmentFile here, int page) throws IOException {
        PageCondition condition = verify(here, page, false);
        if (condition == PageCondition.LOST) {
            long offset = (long) (segment.firstPage() + page) * PageStore.PAGE_BYTES;
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    "the bytes of " + file.version() + " at offset " + offset + " ("
                            + file.pageLength(segment.firstPage() + page)
                            + " bytes) are damaged on " + here.directory()
                            + ", and no under store has them: restore the file from its source, and check the disk");
        }
        return condition != PageCondition.DROPPED;
    }

    /** Whether a damaged page cannot be replaced yet, since it is leased; drops it otherwise. */
    boolean isHeldDamaged(SegmentFile here, int page) throws IOException {
        return PageTable.isPresent(here.pages().get(page))
                && verify(here, page, false) == PageCondition.DROPPED
                && PageTable.isPresent(here.pages().get(page));
    }

    /** As {@link #verify} of the current file, also where the segment moves to another tier meanwhile; unreadable pages of what exists nowhere else are LOST. */
    PageCondition scrub(int page) {
        PageCondition condition = PageCondition.ABSENT;
        SegmentFile before = null;
        SegmentFile here = segment.current();
        while (here != null && here != before && condition == PageCondition.ABSENT) {
            try {
                condition = verify(here, page, true);
            } catch (IOException e) {
                here.directory().failed("reading page " + (segment.firstPage() + page) + " of " + file.version(), e);
                condition = PageCondition.LOST;
            }
            before = here;
            here = segment.current();
        }
        return condition;
    }

    /**
     * Compares a page with its checksum. A bad one that the under store has is dropped, or leased to nobody any more and dropped later; what exists nowhere
     * else is marked.
     *
     * @param again whether or not it was checked before
     * @return ABSENT also where the segment lies elsewhere by now
     */
    PageCondition verify(SegmentFile here, int page, boolean again) throws IOException {
        ReentrantLock stripe = parts.stripe(file.id(), segment.firstPage() + page);
        segment.lock().readLock().lock();
        try {
            stripe.lock();
            try {
                long state = here.pages().get(page);
                if (segment.current() != here || !PageTable.isPresent(state) || !here.enter()) {
                    return PageCondition.ABSENT;
                }
                try {
                    boolean known = !again && (state & PageTable.VERIFIED) != 0;
                    if ((state & PageTable.DAMAGED) == 0 && (known || matches(here, page))) {
                        return whole(here, page, state);
                    }
                    return damaged(here, page, state);
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

    private PageCondition whole(SegmentFile here, int page, long state) {
        if ((state & PageTable.VERIFIED) == 0) {
            here.pages().addFlags(page, PageTable.VERIFIED);
            parts.metrics().verifiedPage();
        }
        return PageCondition.WHOLE;
    }

    private PageCondition damaged(SegmentFile here, int page, long state) {
        if ((state & PageTable.DAMAGED) == 0) {
            here.pages().addFlags(page, PageTable.DAMAGED);
            parts.metrics().corruptPage();
            if (!file.isPersisted()) {
                parts.metrics().lostPage();
            }
            here.directory().reportCorrupt(file.version(), segment.firstPage() + page, !file.isPersisted());
        }
        if (!file.isPersisted()) {
            return PageCondition.LOST;
        }
        remove(here, page);
        return PageCondition.DROPPED;
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

    /** Evicts a page, unless it was used since it came or this was asked last. @return false where it was, or is in use */
    boolean dropUnlessUsed(int page) {
        SegmentFile here = segment.current();
        long known = here == null ? 0 : here.pages().get(page);
        if (here == null || !PageTable.isPresent(known) || !here.isEvictableByPage()) {
            return true;
        }
        if (PageTable.frequencyOf(known) > 0) {
            here.pages().decrementFrequency(page);
            return false;
        }
        long state = evictIdle(here, page);
        if (state != 0) {
            here.queues().removed((int) segment.chargedBytes(page), (state & PageTable.MAIN) != 0);
        }
        return state != 0;
    }

    /** Evicts a page on behalf of the queues; false where it is in use, or the segment is busy. */
    boolean evict(SegmentFile here, int page) {
        return evictIdle(here, page) != 0;
    }

    /** @return the page's state before; 0 where it stays */
    private long evictIdle(SegmentFile here, int page) {
        if (!segment.lock().readLock().tryLock()) {
            return 0;
        }
        long evicted = 0;
        try {
            ReentrantLock stripe = parts.stripe(file.id(), segment.firstPage() + page);
            if (stripe.tryLock()) {
                try {
                    evicted = segment.current() == here && here.isEvictableByPage() ? evictEntered(here, page) : 0;
                } finally {
                    stripe.unlock();
                }
            }
        } finally {
            segment.lock().readLock().unlock();
        }
        if (evicted != 0 && segment.presentPages() == 0) {
            file.dropIfEmpty(segment);
        }
        return evicted;
    }

    private long evictEntered(SegmentFile here, int page) {
        try {
            if (!here.enter()) {
                return 0;
            }
            try {
                long charged = segment.chargedBytes(page);
                long state = clear(here, page);
                if (state != 0) {
                    parts.metrics().evicted(here.directory().tier(), charged);
                }
                return state;
            } finally {
                here.leave();
            }
        } catch (IOException e) {
            here.directory().failed("evicting a page of " + file.version(), e);
            return 0;
        }
    }

    /** Drops a page that the queues still count. */
    private void remove(SegmentFile here, int page) {
        long state = clear(here, page);
        if (state != 0 && here.isEvictableByPage()) {
            here.queues().removed((int) segment.chargedBytes(page), (state & PageTable.MAIN) != 0);
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
