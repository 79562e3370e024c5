package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.eviction.CacheShare;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One file version in memory: its length, whether the under store has it, and its segments. Thread-safe; see {@link Segment} for the locks. */
final class StoredFile {
    private final ConcurrentHashMap<Integer, Segment> segments = new ConcurrentHashMap<>();
    private final AtomicInteger handles = new AtomicInteger();
    private final long id;
    private final StoreParts parts;
    private final KnownFiles files;
    private final int segmentPages;
    private volatile FileVersion version;
    private volatile long lengthBytes;
    private volatile boolean persisted;
    private volatile boolean deleted;
    private volatile boolean promotionWanted;

    /** The short last page of a file that is not sealed yet. */
    private volatile long tailPage = -1;

    private volatile int tailBytes;

    /** What the writer was told to be held. */
    private volatile long flushedBytes;

    private volatile boolean durable;
    private volatile boolean pinned;
    private volatile long mountId;
    private volatile CacheShare share;

    StoredFile(
            long id,
            KnownFiles files,
            StoreParts parts,
            FileVersion version,
            long lengthBytes,
            boolean persisted,
            int segmentPages) {
        this.id = id;
        this.files = files;
        this.parts = parts;
        this.version = version;
        this.lengthBytes = lengthBytes;
        this.persisted = persisted;
        this.segmentPages = segmentPages;
        this.share = parts.shares().of(0);
    }

    /** Unique within this process; stays when the version changes. */
    long id() {
        return id;
    }

    FileVersion version() {
        return version;
    }

    long lengthBytes() {
        return lengthBytes;
    }

    boolean isPersisted() {
        return persisted;
    }

    boolean isDurable() {
        return durable;
    }

    boolean isPinned() {
        return pinned;
    }

    /** Whether its pages stay whatever else needs room. */
    synchronized void setPinned(boolean newPinned) {
        pinned = newPinned;
        for (Segment segment : segments.values()) {
            segment.setPinned(newPinned);
        }
    }

    long mountId() {
        return mountId;
    }

    /** The mount whose under store has it, or will have it. */
    void setMount(long newMountId) {
        if (newMountId != mountId) {
            mountId = newMountId;
            joinShare();
        }
    }

    CacheShare share() {
        return share;
    }

    /** Counts for the share that its mount has by now. */
    void joinShare() {
        if (parts.shares().of(mountId) != share) {
            moveToShare();
        }
    }

    private synchronized void moveToShare() {
        CacheShare next = parts.shares().of(mountId);
        share = next;
        for (Segment segment : segments.values()) {
            segment.setShare(next);
        }
    }

    long flushedBytes() {
        return flushedBytes;
    }

    boolean isDeleted() {
        return deleted;
    }

    int segmentPages() {
        return segmentPages;
    }

    long segmentBytes() {
        long bytes = (long) segmentPages * PageStore.PAGE_BYTES;
        return lengthBytes >= 0 ? Math.min(lengthBytes, bytes) : bytes;
    }

    AtomicInteger handles() {
        return handles;
    }

    Collection<Segment> segments() {
        return segments.values();
    }

    Segment segment(int number) {
        Segment known = segments.get(number);
        return known != null ? known : segments.computeIfAbsent(number, n -> new Segment(this, n, parts));
    }

    @Nullable
    Segment knownSegment(int number) {
        return segments.get(number);
    }

    long presentPages() {
        long pages = 0;
        for (Segment segment : segments.values()) {
            pages += segment.presentPages();
        }
        return pages;
    }

    long presentBytes() {
        long bytes = 0;
        for (Segment segment : segments.values()) {
            bytes += segment.presentBytes();
        }
        return bytes;
    }

    /** Pages of the whole file, -1 while it is being written. */
    long pages() {
        return lengthBytes < 0 ? -1 : (lengthBytes + PageStore.PAGE_BYTES - 1) / PageStore.PAGE_BYTES;
    }

    /** Asks for a place in the top tier; the mover decides. */
    void wantPromotion() {
        if (!promotionWanted) {
            promotionWanted = true;
        }
    }

    boolean takePromotionWanted() {
        boolean wanted = promotionWanted;
        promotionWanted = false;
        return wanted;
    }

    /** Bytes of one page, which may be the short last one. */
    int pageLength(long page) {
        if (lengthBytes >= 0) {
            return (int) Math.clamp(lengthBytes - page * PageStore.PAGE_BYTES, 0, PageStore.PAGE_BYTES);
        }
        return page == tailPage ? tailBytes : PageStore.PAGE_BYTES;
    }

    /** Notes the length of a page that is about to be stored, or refuses it. */
    synchronized void expectPage(long page, int bytes) throws TarnException {
        boolean fits = page >= 0 && bytes > 0 && bytes <= PageStore.PAGE_BYTES;
        if (fits && lengthBytes >= 0) {
            fits = bytes == pageLength(page);
        } else if (fits && bytes < PageStore.PAGE_BYTES) {
            fits = tailPage < 0 || tailPage == page && tailBytes == bytes;
        } else if (fits) {
            fits = page != tailPage;
        }
        if (!fits) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "page " + page + " of " + bytes + " bytes does not fit " + version + " of " + lengthBytes
                            + " bytes");
        }
        if (lengthBytes < 0 && bytes < PageStore.PAGE_BYTES) {
            tailBytes = bytes;
            tailPage = page;
        }
    }

    /** The last page has this length now; a whole page is no tail any more. */
    synchronized void tailChanged(long page, int bytes) {
        tailPage = bytes < PageStore.PAGE_BYTES ? page : -1;
        tailBytes = bytes;
    }

    /** The segment with the last flushed byte keeps the number. */
    void flushed(long bytes) throws IOException {
        if (bytes > 0) {
            flushedBytes = bytes;
            segment((int) ((bytes - 1) / PageStore.PAGE_BYTES / segmentPages))
                    .updateHeader(header -> header.withFlushedBytes(bytes), false);
        }
    }

    void makeDurable() throws IOException {
        durable = true;
        for (Segment segment : segments.values()) {
            segment.updateHeader(IndexHeader::asDurable, false);
        }
    }

    synchronized void seal(long length) throws IOException {
        if (lengthBytes >= 0 && lengthBytes != length) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    version + " has " + lengthBytes + " bytes already and cannot be sealed at " + length);
        }
        if (tailPage >= 0 && tailPage * PageStore.PAGE_BYTES + tailBytes != length) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    version + " ends at " + (tailPage * PageStore.PAGE_BYTES + tailBytes) + " and cannot be sealed at "
                            + length);
        }
        lengthBytes = length;
        for (Segment segment : segments.values()) {
            segment.updateHeader(header -> header.withFileBytes(length), false);
        }
    }

    /** Before this file is visible to other threads: what an index says about it. */
    void recover(IndexHeader header) {
        persisted &= header.persisted();
        lengthBytes = Math.max(lengthBytes, header.fileBytes());
        flushedBytes = Math.max(flushedBytes, header.flushedBytes());
        durable |= header.durable();
        setMount(header.mountId());
    }

    void recoverTail(long page, int bytes) {
        if (lengthBytes < 0 && bytes < PageStore.PAGE_BYTES) {
            tailPage = page;
            tailBytes = bytes;
        }
    }

    void becomePersisted(FileVersion persistedVersion, long storesMountId) throws IOException {
        persisted = true;
        version = persistedVersion;
        for (Segment segment : segments.values()) {
            segment.becomePersisted(persistedVersion, storesMountId);
        }
        setMount(storesMountId);
    }

    void force() throws IOException {
        for (Segment segment : segments.values()) {
            segment.force();
        }
    }

    /** Unlinks everything; uses of it find no pages any more. A move that is under way gives up first, so that afterwards nothing has this name. */
    void delete() {
        deleted = true;
        for (Segment segment : segments.values()) {
            segment.moveLock().lock();
            segment.lock().writeLock().lock();
            try {
                segment.discard();
            } finally {
                segment.lock().writeLock().unlock();
                segment.moveLock().unlock();
            }
        }
    }

    /** Unlinks a segment that has no pages left, unless it is in use just now. */
    void dropIfEmpty(Segment segment) {
        if (segment.lock().writeLock().tryLock()) {
            try {
                if (segment.presentPages() == 0 && persisted) {
                    segment.discard();
                }
            } finally {
                segment.lock().writeLock().unlock();
            }
        }
        files.forgetIfUnused(this);
    }

    void forgetIfUnused() {
        files.forgetIfUnused(this);
    }

    TarnException failure(String action, IOException cause) {
        if (cause instanceof TarnException known) {
            return known;
        }
        return new TarnException(ErrorCode.UNAVAILABLE, action + " of " + version + ": " + cause, cause);
    }
}
