package io.tarn.worker.page.store;

import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.eviction.CacheShare;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Chooses the directory of a new segment, and makes room. Thread-safe. */
final class Placement {
    /** The first segment of a file of unknown length is put where at least this share of the directory is free. */
    private static final int WANTED_SHARE = 16;

    private static final int CREATE_ATTEMPTS = 3;

    private final List<TierDirectory> directories;
    private final AtomicLong nextFileId = new AtomicLong(1);
    private final AtomicLong refusedBytes = new AtomicLong();

    /** @param directories top tier first */
    Placement(List<TierDirectory> directories) {
        this.directories = List.copyOf(directories);
    }

    List<TierDirectory> directories() {
        return directories;
    }

    long nextFileId() {
        return nextFileId.getAndIncrement();
    }

    /** Bytes of new segments that found no room in the top tier since the last call. */
    long takeRefusedBytes() {
        return refusedBytes.getAndSet(0);
    }

    /** The directory of this level, or of the lowest level there is, with the most room. */
    TierDirectory roomiest(int level) {
        int existing = Math.min(level, directories.getLast().level());
        return directories.stream()
                .filter(directory -> directory.level() == existing)
                .max(Comparator.comparingLong(TierDirectory::unreservedBytes))
                .orElseThrow();
    }

    /**
     * Makes the files of a segment that has none.
     *
     * @return null where no directory has room
     */
    @Nullable
    SegmentFile create(Segment segment, StoreParts parts) throws IOException {
        for (TierDirectory directory : candidates(segment)) {
            for (int attempt = 0; attempt < CREATE_ATTEMPTS; attempt++) {
                SegmentFile created =
                        new SegmentFile(nextFileId(), segment, directory, parts.openFiles(), newHeader(segment));
                if (makeRoom(segment.file(), directory, created.indexChargedBytes()) && createFiles(created)) {
                    created.reserveAhead(segment.file().lengthBytes() < 0 ? 0 : segment.expectedBytes());
                    directory.add(created);
                    return created;
                }
            }
        }
        return null;
    }

    /** @return false where the disk was full (the directory knows now, and makes room at the next attempt), or the name is taken */
    private static boolean createFiles(SegmentFile created) throws IOException {
        created.addAllocated(created.indexChargedBytes());
        try {
            if (created.create()) {
                return true;
            }
            created.abandon();
            return false;
        } catch (IOException e) {
            boolean full = DiskFull.isCause(e);
            if (full) {
                created.directory().foundFull(created.indexChargedBytes());
            }
            created.retire();
            if (!full) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Takes space for a file, evicting pages of this directory where needed, and files that were exported where there is nothing else. Of what is guaranteed to mounts only for what is guaranteed
     * too, or exists nowhere else: all that a mount has beyond its guarantee may be in use just now.
     */
    private boolean makeRoom(StoredFile file, TierDirectory directory, long bytes) {
        boolean alsoGuaranteed = !file.isPersisted() || file.share().excessBytes() + bytes <= 0;
        while (!directory.tryReserve(bytes)) {
            if (!directory.evictExcess() && !(alsoGuaranteed && directory.evictGuaranteed())) {
                return directory.tryReserve(bytes);
            }
        }
        return true;
    }

    /** Moves a file that is to be durable out of memory, where there is a disk. @return false where the disks have no room */
    boolean leaveMemory(StoredFile file, StoreParts parts) {
        for (Segment segment : file.segments()) {
            SegmentFile here = segment.current();
            while (here != null && !allows(file, here.directory())) {
                TierDirectory target = roomiest(here.directory().level() + 1);
                if (!makeFree(file, target, here.allocatedBytes()) || !segment.relocate(here, target, parts)) {
                    return false;
                }
                here = segment.current();
            }
        }
        return true;
    }

    /** Makes room for a file, and leaves it to whoever comes first. */
    boolean makeFree(StoredFile file, TierDirectory directory, long bytes) {
        boolean made = makeRoom(file, directory, bytes);
        if (made) {
            directory.released(bytes);
        }
        return made;
    }

    /**
     * Takes space for a page where its segment lies. Where that is full, the segment moves to a directory with free room rather than that pages are
     * dropped; and also where nothing can be dropped. A mount at its limit makes room among its own pages.
     *
     * @return the space was taken; else the segment may lie elsewhere by now
     */
    boolean makeRoom(Segment segment, SegmentFile here, long bytes, StoreParts parts) {
        TierDirectory directory = here.directory();
        if (!keepLimit(segment.file(), bytes)) {
            return false;
        }
        if (directory.tryReserve(bytes) || makeRoomByMove(segment, here, bytes, false, parts)) {
            return true;
        }
        return segment.current() == here
                && (makeRoom(segment.file(), directory, bytes) || makeRoomByMove(segment, here, bytes, true, parts));
    }

    /** @return false where a file's mount would have more of the cache than its limit, and can give up nothing */
    boolean keepLimit(StoredFile file, long moreBytes) {
        CacheShare share = file.share();
        while (!share.allows(moreBytes)) {
            if (directories.reversed().stream().noneMatch(directory -> directory.evictOf(share))) {
                return share.allows(moreBytes);
            }
        }
        return true;
    }

    private boolean makeRoomByMove(Segment segment, SegmentFile here, long bytes, boolean evicting, StoreParts parts) {
        long needed = here.allocatedBytes() + bytes;
        for (TierDirectory target : directories) {
            boolean possible = target != here.directory()
                    && allows(segment.file(), target)
                    && (target.freeBytes() >= needed
                            || evicting && needed < target.capacityBytes() && makeFree(segment.file(), target, needed));
            if (possible && segment.relocate(here, target, parts)) {
                return false;
            }
        }
        return false;
    }

    /** Roomy directories, top tier first; then the others, lowest tier first. */
    private List<TierDirectory> candidates(Segment segment) {
        Comparator<TierDirectory> byRoom =
                Comparator.comparingLong(TierDirectory::unreservedBytes).reversed();
        Comparator<TierDirectory> order = Comparator.comparing(
                        (TierDirectory directory) -> !isRoomy(directory, segment))
                .thenComparingInt(directory -> isRoomy(directory, segment) ? directory.level() : -directory.level())
                .thenComparing(byRoom);
        List<TierDirectory> sorted = directories.stream()
                .filter(directory -> allows(segment.file(), directory))
                .sorted(order)
                .toList();
        if (sorted.getFirst().level() > 0 && !segment.file().isDurable()) {
            refusedBytes.addAndGet(Math.max(PageStore.PAGE_BYTES, segment.file().segmentBytes()));
        }
        return sorted;
    }

    /** What is to be durable lies on a disk where there is one, until the under store has it. */
    boolean allows(StoredFile file, TierDirectory directory) {
        return !directory.isMemory()
                || !file.isDurable()
                || file.isPersisted()
                || directories.getLast().isMemory();
    }

    /** Whether the whole segment fits; the first one of a file that is being written is taken to stay short. */
    private static boolean isRoomy(TierDirectory directory, Segment segment) {
        boolean perhapsShort = segment.file().lengthBytes() < 0 && segment.number() == 0;
        long wanted = perhapsShort
                ? directory.capacityBytes() / WANTED_SHARE
                : segment.file().segmentBytes();
        return directory.unreservedBytes() >= wanted;
    }

    private static IndexHeader newHeader(Segment segment) {
        StoredFile file = segment.file();
        return new IndexHeader(
                0,
                0,
                ThreadLocalRandom.current().nextLong(),
                file.version(),
                file.lengthBytes(),
                0,
                PageStore.PAGE_BYTES,
                segment.number(),
                file.segmentPages(),
                file.mountId(),
                file.isPersisted(),
                false,
                false,
                file.isDurable());
    }
}
