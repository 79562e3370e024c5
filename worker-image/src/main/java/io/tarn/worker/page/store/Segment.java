package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.eviction.CacheShare;
import io.tarn.worker.page.eviction.S3Fifo;
import io.tarn.worker.page.index.IndexFormat;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A slice of one stored file, which lies in one tier directory at a time.
 *
 * <p>Threads: a lease takes no lock. What changes one page (store, check, evict) holds the read lock and the page's stripe; what changes the segment file
 * as a whole (create, move, header, delete) holds the write lock.
 */
final class Segment {
    private static final int RELOCATION_WAIT_SECONDS = 2;

    private final StoredFile file;
    private final int number;
    private final StoreParts parts;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicInteger presentPages = new AtomicInteger();
    private final AtomicLong presentBytes = new AtomicLong();
    private final ReentrantLock moveLock = new ReentrantLock();
    private final Heat heat = new Heat();
    private final SegmentPages pages;
    private volatile @Nullable SegmentFile current;

    Segment(StoredFile file, int number, StoreParts parts) {
        this.file = file;
        this.number = number;
        this.parts = parts;
        this.pages = new SegmentPages(this, parts);
    }

    SegmentPages pages() {
        return pages;
    }

    /** A change of what is present. */
    void counted(int pageCount, long bytes) {
        presentPages.addAndGet(pageCount);
        presentBytes.addAndGet(bytes);
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

    /** Held while the segment is being moved: one move at a time. */
    ReentrantLock moveLock() {
        return moveLock;
    }

    /**
     * Moves to a directory with room, on behalf of a page that has to be stored.
     *
     * @return whether it lies elsewhere than in {@code here} now
     */
    boolean relocate(SegmentFile here, TierDirectory target, StoreParts shared) {
        try {
            if (!moveLock.tryLock(RELOCATION_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return current != here || new SegmentMove(this, target, shared, bytes -> true).run();
        } finally {
            moveLock.unlock();
        }
    }

    /** Bytes of this segment when it is whole. */
    long expectedBytes() {
        long from = (long) firstPage() * PageStore.PAGE_BYTES;
        return Math.clamp(file.lengthBytes() - from, 0, (long) file.segmentPages() * PageStore.PAGE_BYTES);
    }

    Heat heat() {
        return heat;
    }

    /** Decayed touches per present byte: about how often the whole was read lately. */
    double density() {
        long bytes = presentBytes.get();
        return bytes <= 0 ? 0 : heat.bytes() / bytes;
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
        return here != null && isThere(here.pages().get(page));
    }

    /** A damaged page that the under store has is as good as absent. */
    private boolean isThere(long state) {
        return PageTable.isPresent(state) && ((state & PageTable.DAMAGED) == 0 || !file.isPersisted());
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
                    if (!pages.check(here, page)) {
                        return null;
                    }
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
            heat.touched(length);
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
                SegmentFile created = parts.placement().create(this, parts);
                if (created != null) {
                    created.setPinned(file.isPinned());
                }
                current = created;
            }
            return current;
        } finally {
            lock.writeLock().unlock();
        }
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

    /** Unlinks the segment file where it is still this one and nobody was promised its path; counted as evicted. */
    boolean discardIfPossible(SegmentFile here) {
        boolean discarded = false;
        if (lock.writeLock().tryLock()) {
            try {
                if (current == here && here.canLeave()) {
                    parts.metrics().evicted(here.directory().tier(), here.allocatedBytes());
                    discard();
                    discarded = true;
                }
            } finally {
                lock.writeLock().unlock();
            }
        }
        if (discarded) {
            file.forgetIfUnused();
        }
        return discarded;
    }

    /** Takes the file's pages out of its directory's queues. Only with the write lock held. */
    void leaveQueues(SegmentFile here) {
        boolean queued = here.isEvictableByPage();
        here.directory().remove(here);
        if (queued) {
            forgetQueued(here);
        }
    }

    /** From now on the file is only unlinked whole. Only with the write lock held. */
    void markExported(SegmentFile here) throws IOException {
        boolean queued = here.isEvictableByPage();
        here.rewriteHeader(here.header().withExported(), true);
        here.directory().markExported(here);
        if (queued) {
            forgetQueued(here);
        }
    }

    private void forgetQueued(SegmentFile here) {
        here.pages()
                .forEachPresent(page -> here.queues()
                        .removed((int) chargedBytes(page), (here.pages().get(page) & PageTable.MAIN) != 0));
    }

    /** Takes the pages out of the eviction queues, or puts them back. */
    void setPinned(boolean pinned) {
        lock.writeLock().lock();
        try {
            SegmentFile here = current;
            if (here != null && here.isPinned() != pinned) {
                requeue(here, () -> here.setPinned(pinned));
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Moves the pages to the queues of another share of the cache. */
    void setShare(CacheShare share) {
        lock.writeLock().lock();
        try {
            SegmentFile here = current;
            if (here != null && here.share() != share) {
                requeue(here, () -> here.setShare(share));
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Around a change of the queues that its pages stand in. Only with the write lock held. */
    private void requeue(SegmentFile here, Runnable change) {
        if (here.isEvictableByPage()) {
            forgetQueued(here);
        }
        change.run();
        if (here.isEvictableByPage()) {
            here.directory().requeue(here, parts.placement().nextFileId());
            enterQueues(here, page -> isUsed(here.pages().get(page)));
        }
    }

    private static boolean isUsed(long state) {
        return (state & PageTable.MAIN) != 0 || PageTable.frequencyOf(state) > 0;
    }

    /** Puts all pages into the queues; {@code proved} ones into the main queue. Only with the write lock held. */
    void enterQueues(SegmentFile here, IntPredicate proved) {
        S3Fifo eviction = here.queues();
        here.pages().forEachPresent(page -> {
            long reference = DirectoryResidents.reference(here, page);
            if (proved.test(page)) {
                eviction.admitToMain(reference, (int) chargedBytes(page));
            } else {
                eviction.admit(reference, (int) chargedBytes(page));
            }
        });
    }

    /** Counts a page found at the start. */
    void recovered(SegmentFile here, int page, long entry, long flags) {
        here.pages().put(page, IndexFormat.crc32cOf(entry), flags, parts.clock().getAsInt());
        here.addAllocated(chargedBytes(page));
        counted(1, file.pageLength(firstPage() + page));
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
    void becomePersisted(FileVersion persistedVersion, long mountId) throws IOException {
        lock.writeLock().lock();
        try {
            SegmentFile here = current;
            if (here != null) {
                boolean queued = here.isEvictableByPage();
                here.rewriteHeader(here.header().asPersisted(persistedVersion, mountId), false);
                here.renameToHeader();
                if (!queued && here.isEvictableByPage()) {
                    enterQueues(here, page -> false);
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
