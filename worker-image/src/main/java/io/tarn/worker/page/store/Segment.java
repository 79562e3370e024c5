package io.tarn.worker.page.store;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexFormat;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A slice of one stored file, which lies in one tier directory at a time.
 *
 * <p>Threads: a lease takes no lock. What changes one page (store, check, evict) holds the read lock and the page's stripe; what changes the segment file
 * as a whole (create, move, header, delete) holds the write lock.
 */
final class Segment {
    private final StoredFile file;
    private final int number;
    private final StoreParts parts;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicInteger presentPages = new AtomicInteger();
    private final AtomicLong presentBytes = new AtomicLong();
    private final AtomicLong touchedBytes = new AtomicLong();
    private volatile @Nullable SegmentFile current;

    Segment(StoredFile file, int number, StoreParts parts) {
        this.file = file;
        this.number = number;
        this.parts = parts;
    }

    StoredFile file() {
        return file;
    }

    int number() {
        return number;
    }

    int presentPages() {
        return presentPages.get();
    }

    long presentBytes() {
        return presentBytes.get();
    }

    @Nullable
    SegmentFile current() {
        return current;
    }

    ReentrantReadWriteLock lock() {
        return lock;
    }

    /** Bytes of pages touched since the last call, a page counted once a second. */
    long takeTouchedBytes() {
        return touchedBytes.getAndSet(0);
    }

    /** Only with the write lock held, or before the segment is visible to other threads. */
    void setCurrent(@Nullable SegmentFile next) {
        current = next;
    }

    long chargedBytes(int page) {
        return TierDirectory.charged(file.pageLength(firstPage() + page));
    }

    /** The same for the same page of the same content, whichever file it is in. */
    long identityOf(int page) {
        long mixed = (file.version().high() * 31 + file.version().low()) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ mixed >>> 29) + firstPage() + page;
        return (mixed ^ mixed >>> 31) * 0x9E3779B97F4A7C15L;
    }

    boolean hasPage(int page) {
        SegmentFile here = current;
        return here != null && PageTable.isPresent(here.pages().get(page));
    }

    @Nullable
    PageLease lease(int page) throws TarnException {
        int second = parts.clock().getAsInt();
        try {
            while (true) {
                SegmentFile here = current;
                if (here == null) {
                    return null;
                }
                long state = here.pages().get(page);
                if (!PageTable.isPresent(state)) {
                    return null;
                }
                if (!PageTable.isLeasable(state)) {
                    check(here, page, state);
                } else if (here.enter()) {
                    PageLease lease = leaseIn(here, page, second);
                    if (lease != null) {
                        return lease;
                    }
                }
            }
        } catch (IOException e) {
            throw file.failure("reading page " + (firstPage() + page), e);
        }
    }

    /** As {@link #lease}; null also where that would check the page, or wait for a device. */
    @Nullable
    PageLease leaseNow(int page) {
        SegmentFile here = current;
        if (here == null
                || !here.directory().isMemory()
                || !PageTable.isLeasable(here.pages().get(page))) {
            return null;
        }
        try {
            return here.enter() ? leaseIn(here, page, parts.clock().getAsInt()) : null;
        } catch (IOException e) {
            here.directory().failed("opening " + file.version(), e);
            return null;
        }
    }

    private @Nullable PageLease leaseIn(SegmentFile here, int page, int second) throws TarnException {
        long state = here.pages().lease(page, second);
        if (!PageTable.isLeasable(state)) {
            here.leave();
            return null;
        }
        if (PageTable.leasesOf(state) == PageTable.MAX_LEASES) {
            here.leave();
            throw new TarnException(ErrorCode.BUSY, "too many readers of one page; try again", null, 100);
        }
        int length = file.pageLength(firstPage() + page);
        if (!PageTable.isUsedIn(state, second)) {
            touchedBytes.addAndGet(length);
        }
        return new LeasedPage(here, page, length, PageTable.crc32cOf(state));
    }

    /** The segment file, made where there is none; null where no directory has room, or the file is deleted. */
    @Nullable
    SegmentFile currentOrCreate() throws IOException {
        SegmentFile here = current;
        if (here != null) {
            return here;
        }
        lock.writeLock().lock();
        try {
            if (current == null && !file.isDeleted()) {
                current = parts.placement().create(this, parts.openFiles());
            }
            return current;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Writes a page into the space that the caller has reserved in {@code here}. @return false where the segment lies elsewhere by now */
    boolean write(SegmentFile here, int page, ByteBuffer content, int crc32c) throws IOException {
        ReentrantLock stripe = parts.stripe(file.id(), firstPage() + page);
        lock.readLock().lock();
        try {
            stripe.lock();
            try {
                if (current != here || !here.enter()) {
                    return false;
                }
                try {
                    if (hasPage(page)) {
                        here.directory().released(chargedBytes(page));
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
            lock.readLock().unlock();
        }
    }

    private void writeEntered(SegmentFile here, int page, ByteBuffer content, int crc32c) throws IOException {
        int length = content.remaining();
        long position = (long) page * PageStore.PAGE_BYTES;
        try {
            here.write(position, content);
            here.writeEntry(page, IndexFormat.entry(here.header().salt(), page, crc32c, length));
        } catch (IOException e) {
            here.punchHole(position, length);
            throw e;
        }
        here.addAllocated(chargedBytes(page));
        presentPages.incrementAndGet();
        presentBytes.addAndGet(length);
        here.pages().put(page, crc32c, PageTable.VERIFIED, parts.clock().getAsInt());
        if (here.header().isEvictableByPage()) {
            here.directory().eviction().admit(DirectoryResidents.reference(here, page), (int) chargedBytes(page));
        }
    }

    /** Checks a page that was found at the start, before its first use. */
    void check(SegmentFile here, int page, long state) throws IOException {
        if ((state & PageTable.DAMAGED) != 0) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    "page " + (firstPage() + page) + " of " + file.version() + " is damaged on " + here.directory()
                            + ", and the under store does not have it: restore the file from its source, and check the disk");
        }
        ReentrantLock stripe = parts.stripe(file.id(), firstPage() + page);
        lock.readLock().lock();
        try {
            stripe.lock();
            try {
                if (current == here
                        && (here.pages().get(page) & (PageTable.PRESENT | PageTable.VERIFIED)) == PageTable.PRESENT) {
                    checkLocked(here, page);
                }
            } finally {
                stripe.unlock();
            }
        } finally {
            lock.readLock().unlock();
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
            here.directory().reportCorrupt(file.version(), firstPage() + page);
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
            buffer.limit(file.pageLength(firstPage() + page));
            here.read((long) page * PageStore.PAGE_BYTES, buffer);
            return PageChecksum.of(buffer.flip())
                    == PageTable.crc32cOf(here.pages().get(page));
        } catch (IOException e) {
            if (!file.isPersisted()) {
                throw e;
            }
            here.directory().failed("reading page " + (firstPage() + page) + " of " + file.version(), e);
            return false;
        } finally {
            parts.buffers().giveBack(buffer);
        }
    }

    /** Evicts a page on behalf of the queues; false where it is in use, or the segment is busy. */
    boolean evict(SegmentFile here, int page) {
        if (!lock.readLock().tryLock()) {
            return false;
        }
        boolean evicted = false;
        try {
            ReentrantLock stripe = parts.stripe(file.id(), firstPage() + page);
            if (stripe.tryLock()) {
                try {
                    evicted = current == here && here.header().isEvictableByPage() && evictEntered(here, page);
                } finally {
                    stripe.unlock();
                }
            }
        } finally {
            lock.readLock().unlock();
        }
        if (evicted && presentPages.get() == 0) {
            file.dropIfEmpty(this);
        }
        return evicted;
    }

    private boolean evictEntered(SegmentFile here, int page) {
        try {
            if (!here.enter()) {
                return false;
            }
            try {
                long charged = chargedBytes(page);
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
            here.directory().eviction().removed((int) chargedBytes(page), (state & PageTable.MAIN) != 0);
        }
    }

    /** Entry first, then hole, so that no entry ever stands for zeros. @return the page's state before, 0 where it is leased or absent */
    private long clear(SegmentFile here, int page) {
        long state = here.pages().removeIfIdle(page);
        if (state == 0) {
            return 0;
        }
        int length = file.pageLength(firstPage() + page);
        presentPages.decrementAndGet();
        presentBytes.addAndGet(-length);
        try {
            here.writeEntry(page, 0);
            if (!here.header().exported()) {
                here.punchHole((long) page * PageStore.PAGE_BYTES, length);
            }
        } catch (IOException e) {
            here.directory().failed("punching a page of " + file.version(), e);
        }
        here.addAllocated(-chargedBytes(page));
        here.directory().released(chargedBytes(page));
        return state;
    }

    /** Unlinks the segment file. Only with the write lock held. */
    void discard() {
        SegmentFile here = current;
        if (here == null) {
            return;
        }
        current = null;
        leaveQueues(here);
        presentPages.set(0);
        presentBytes.set(0);
        here.retire();
    }

    /** Takes the file's pages out of its directory's queues. Only with the write lock held. */
    void leaveQueues(SegmentFile here) {
        here.directory().remove(here);
        if (here.header().isEvictableByPage()) {
            here.pages()
                    .forEachPresent(page -> here.directory()
                            .eviction()
                            .removed((int) chargedBytes(page), (here.pages().get(page) & PageTable.MAIN) != 0));
        }
    }

    /** Puts all pages into the queues; {@code proved} ones into the main queue. Only with the write lock held. */
    void enterQueues(SegmentFile here, boolean proved) {
        here.pages().forEachPresent(page -> {
            long reference = DirectoryResidents.reference(here, page);
            if (proved) {
                here.directory().eviction().admitToMain(reference, (int) chargedBytes(page));
            } else {
                here.directory().eviction().admit(reference, (int) chargedBytes(page));
            }
        });
    }

    /** Counts a page found at the start. */
    void recovered(SegmentFile here, int page, long entry, long flags) {
        here.pages().put(page, IndexFormat.crc32cOf(entry), flags, parts.clock().getAsInt());
        here.addAllocated(chargedBytes(page));
        presentPages.incrementAndGet();
        presentBytes.addAndGet(file.pageLength(firstPage() + page));
    }

    void updateHeader(UnaryOperator<IndexHeader> change, boolean durable) throws IOException {
        lock.writeLock().lock();
        try {
            SegmentFile here = current;
            if (here != null) {
                here.rewriteHeader(change.apply(here.header()), durable);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The header first: it is what a start after a crash goes by, and it finishes the renames. */
    void becomePersisted(FileVersion persistedVersion) throws IOException {
        lock.writeLock().lock();
        try {
            SegmentFile here = current;
            if (here != null) {
                boolean queued = here.header().isEvictableByPage();
                here.rewriteHeader(here.header().asPersisted(persistedVersion), false);
                here.renameToHeader();
                if (!queued && here.header().isEvictableByPage()) {
                    enterQueues(here, false);
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    void force() throws IOException {
        SegmentFile here = current;
        while (here != null && !here.enter()) {
            here = current;
        }
        if (here != null) {
            try {
                here.force();
            } finally {
                here.leave();
            }
        }
    }

    int firstPage() {
        return number * file.segmentPages();
    }
}
