package io.tarn.worker.page.store;

import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Chooses the directory of a new segment, and makes room. Thread-safe. */
final class Placement {
    /** A segment of unknown length is put where at least this share of the directory is free. */
    private static final int WANTED_SHARE = 16;

    private final List<TierDirectory> directories;
    private final AtomicLong nextFileId = new AtomicLong(1);

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

    /**
     * Makes the files of a segment that has none.
     *
     * @return null where no directory has room
     */
    @Nullable
    SegmentFile create(Segment segment, OpenFiles openFiles) throws IOException {
        StoredFile file = segment.file();
        TierDirectory directory = choose(file);
        IndexHeader header = new IndexHeader(
                0,
                0,
                ThreadLocalRandom.current().nextLong(),
                file.version(),
                file.lengthBytes(),
                PageStore.PAGE_BYTES,
                segment.number(),
                file.segmentPages(),
                file.isPersisted(),
                false,
                false);
        SegmentFile created = new SegmentFile(nextFileId(), segment, directory, openFiles, header);
        long indexBytes = created.indexChargedBytes();
        if (!makeRoom(directory, indexBytes)) {
            return null;
        }
        try {
            created.create();
        } catch (IOException e) {
            directory.released(indexBytes);
            throw e;
        }
        created.addAllocated(indexBytes);
        directory.add(created);
        return created;
    }

    /** Takes space, evicting pages of this directory where needed. */
    boolean makeRoom(TierDirectory directory, long bytes) {
        while (!directory.tryReserve(bytes)) {
            if (directory.eviction().evictOne() < 0) {
                return directory.tryReserve(bytes);
            }
        }
        return true;
    }

    /** The top tier's directory with the most free space where the whole segment fits; else the roomiest of the lowest tier. */
    private TierDirectory choose(StoredFile file) {
        TierDirectory best = directories.getLast();
        for (TierDirectory directory : directories) {
            long wanted = file.lengthBytes() >= 0 ? file.segmentBytes() : directory.capacityBytes() / WANTED_SHARE;
            boolean fits = directory.freeBytes() >= wanted;
            boolean bestFits = best.freeBytes() >= wanted;
            if (fits && (!bestFits || directory.level() < best.level())
                    || directory.level() == best.level() && directory.freeBytes() > best.freeBytes()) {
                best = directory;
            }
        }
        return best;
    }
}
