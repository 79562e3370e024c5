package io.tarn.worker.page.store;

import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.eviction.CacheShare;
import io.tarn.worker.page.eviction.ShareQueues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One directory of a tier: its space, its segment files, and the queues that say what leaves it first. Thread-safe. */
final class TierDirectory {
    /** What a directory is charged in: the unit in which file systems allocate. */
    static final int ALLOCATION_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(TierDirectory.class);

    private final String tier;
    private final int level;
    private final Path path;
    private final long configuredBytes;
    private final ExportedSpace exportedSpace;
    private final AtomicLong reservedAheadBytes = new AtomicLong();
    private final AtomicLong capacityBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong pinnedBytes = new AtomicLong();
    private final DirectoryResidents residents = new DirectoryResidents();
    private final ShareQueues queues;
    private final Set<SegmentFile> exported = ConcurrentHashMap.newKeySet();
    private volatile boolean suspect;

    /**
     * @param level 0 for the top tier
     * @param common the share of mounts without a quota
     */
    TierDirectory(
            String tier, int level, Path path, long capacityBytes, ExportedSpace exportedSpace, CacheShare common) {
        this.tier = tier;
        this.level = level;
        this.path = path;
        this.configuredBytes = capacityBytes;
        this.capacityBytes = new AtomicLong(capacityBytes);
        this.exportedSpace = exportedSpace;
        this.queues = new ShareQueues(residents, common);
    }

    String tier() {
        return tier;
    }

    int level() {
        return level;
    }

    /** Whether reads and writes never wait for a device. */
    boolean isMemory() {
        return tier.equals(OpenedDirectories.MEM);
    }

    Path path() {
        return path;
    }

    long capacityBytes() {
        return capacityBytes.get();
    }

    long usedBytes() {
        return usedBytes.get();
    }

    long freeBytes() {
        return capacityBytes.get() - usedBytes.get();
    }

    /** Free, and not about to be filled by segments that have their place here already. */
    long unreservedBytes() {
        return freeBytes() - reservedAheadBytes.get();
    }

    AtomicLong reservedAheadBytes() {
        return reservedAheadBytes;
    }

    /** Bytes of files that may not be evicted, by the user's wish. */
    AtomicLong pinnedBytes() {
        return pinnedBytes;
    }

    ExportedSpace exportedSpace() {
        return exportedSpace;
    }

    ShareQueues queues() {
        return queues;
    }

    /** Takes space where there is enough. */
    boolean tryReserve(long bytes) {
        while (true) {
            long used = usedBytes.get();
            if (used + bytes > capacityBytes.get()) {
                return false;
            }
            if (usedBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
    }

    /** Counts what was found at the start, whether it fits or not. */
    void recovered(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    void released(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    void add(SegmentFile file) {
        residents.add(file);
        if (file.header().exported()) {
            exported.add(file);
        }
    }

    void remove(SegmentFile file) {
        residents.remove(file);
        exported.remove(file);
    }

    /** From now on a file that is here is only unlinked whole. */
    void markExported(SegmentFile file) {
        exported.add(file);
    }

    /** What the queues know of a file is void from now on; its pages may enter them anew. */
    void requeue(SegmentFile file, long newId) {
        residents.remove(file);
        file.renewId(newId);
        residents.add(file);
    }

    Iterable<SegmentFile> files() {
        return residents.files();
    }

    /**
     * The disk holds less than was configured: from now on what is used is all there is, until the space comes back.
     *
     * @param failedBytes reserved for what could not be written
     */
    void foundFull(long failedBytes) {
        long used = usedBytes.get() - failedBytes;
        if (capacityBytes.getAndUpdate(known -> Math.min(known, used)) > used) {
            LOG.warn(
                    "{} directory {} is full at {} bytes, below its configured capacity: others use this file system; free space there or lower"
                            + " worker.tiers.{}.capacity",
                    tier,
                    path,
                    used,
                    tier.toLowerCase(Locale.ROOT));
        }
    }

    /** Takes back capacity that the disk lacked before, where others have freed space. */
    void refresh() {
        if (capacityBytes.get() < configuredBytes) {
            try {
                long possible = usedBytes.get() + Files.getFileStore(path).getUsableSpace();
                if (possible > capacityBytes.get() + ALLOCATION_BYTES) {
                    capacityBytes.set(Math.min(configuredBytes, possible));
                }
            } catch (IOException e) {
                failed("asking for free space", e);
            }
        }
    }

    /** Where exported files take over half of a full directory, one makes room for pages that can be evicted singly. */
    void trimExported() {
        if (freeBytes() * 20 > capacityBytes.get()) {
            return;
        }
        long exportedBytes = 0;
        for (SegmentFile file : exported) {
            exportedBytes += file.allocatedBytes();
        }
        if (exportedBytes * 2 > capacityBytes.get()) {
            discardExported(share -> !share.isWithinGuarantee());
        }
    }

    /** Evicts a page of what mounts have beyond their guarantees, or else such a file that was exported. @return whether there was any */
    boolean evictExcess() {
        return queues.evictExcess() >= 0 || discardExported(share -> !share.isWithinGuarantee());
    }

    /** The same of what is within the guarantees. */
    boolean evictGuaranteed() {
        return queues.evictGuaranteed() >= 0 || discardExported(CacheShare::isWithinGuarantee);
    }

    /** The same of one share. */
    boolean evictOf(CacheShare share) {
        return queues.of(share).evictOne() >= 0 || discardExported(each -> each == share);
    }

    /** Unlinks an exported file, of the share that is to lose first the least used one; its space comes back when its last user is gone. @return whether there was one */
    private boolean discardExported(Predicate<CacheShare> from) {
        SegmentFile first = null;
        for (SegmentFile file : exported) {
            boolean possible =
                    file.header().persisted() && !file.isPinned() && file.canLeave() && from.test(file.share());
            if (possible && (first == null || losesBefore(file, first))) {
                first = file;
            }
        }
        return first != null && first.segment().discardIfPossible(first);
    }

    private static boolean losesBefore(SegmentFile file, SegmentFile other) {
        int rank = file.share().rank();
        int otherRank = other.share().rank();
        return rank != otherRank
                ? rank < otherRank
                : file.segment().density() < other.segment().density();
    }

    /** Notes that the files may not be what memory says: after the next start every page is checked. */
    void failed(String action, IOException cause) {
        suspect = true;
        LOG.warn("{} directory {}: {} failed", tier, path, action, cause);
    }

    /** @param lost the under store does not have it */
    void reportCorrupt(FileVersion version, long page, boolean lost) {
        LOG.error(
                "{} directory {}: the page of {} at offset {} fails its check and {}; check the disk and the memory of this node",
                tier,
                path,
                version,
                page * PageStore.PAGE_BYTES,
                lost ? "exists nowhere else: readers get CORRUPT" : "is dropped: it will be fetched again");
    }

    /** Whether every page was checked or made by this process, and none is damaged. */
    boolean isWhole() {
        for (SegmentFile file : residents.files()) {
            if (!file.pages().allLeasable()) {
                return false;
            }
        }
        return true;
    }

    boolean isSuspect() {
        return suspect;
    }

    /** What a page or an index of this length is charged. */
    static long charged(long lengthBytes) {
        return (lengthBytes + ALLOCATION_BYTES - 1) / ALLOCATION_BYTES * ALLOCATION_BYTES;
    }

    @Override
    public String toString() {
        return tier + ":" + path;
    }
}
