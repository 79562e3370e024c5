package io.tarn.worker.page.store;

import io.tarn.worker.page.eviction.Residents;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the eviction queues of a directory refer to: a reference is a segment file's id and a page number. Thread-safe. */
final class DirectoryResidents implements Residents {
    private static final int PAGE_BITS = 24;

    private final ConcurrentHashMap<Long, SegmentFile> files = new ConcurrentHashMap<>();

    /** @param pageInSegment below 2^24, so below 16 TiB */
    static long reference(SegmentFile file, int pageInSegment) {
        return file.id() << PAGE_BITS | pageInSegment;
    }

    void add(SegmentFile file) {
        files.put(file.id(), file);
    }

    void remove(SegmentFile file) {
        files.remove(file.id());
    }

    Iterable<SegmentFile> files() {
        return files.values();
    }

    @Override
    public int bytesOf(long reference) {
        SegmentFile file = fileOf(reference);
        if (file == null
                || !file.isEvictableByPage()
                || !PageTable.isPresent(file.pages().get(pageOf(reference)))) {
            return -1;
        }
        return (int) file.segment().chargedBytes(pageOf(reference));
    }

    @Override
    public long identityOf(long reference) {
        SegmentFile file = fileOf(reference);
        return file == null ? 0 : file.segment().identityOf(pageOf(reference));
    }

    @Override
    public int frequencyOf(long reference) {
        SegmentFile file = fileOf(reference);
        return file == null ? 0 : PageTable.frequencyOf(file.pages().get(pageOf(reference)));
    }

    @Override
    public void decrementFrequency(long reference) {
        SegmentFile file = fileOf(reference);
        if (file != null) {
            file.pages().decrementFrequency(pageOf(reference));
        }
    }

    @Override
    public boolean isInMain(long reference) {
        SegmentFile file = fileOf(reference);
        return file != null && (file.pages().get(pageOf(reference)) & PageTable.MAIN) != 0;
    }

    @Override
    public boolean markInMain(long reference) {
        SegmentFile file = fileOf(reference);
        return file != null && file.pages().markInMain(pageOf(reference));
    }

    @Override
    public boolean evict(long reference) {
        SegmentFile file = fileOf(reference);
        return file != null && file.segment().pages().evict(file, pageOf(reference));
    }

    private @Nullable SegmentFile fileOf(long reference) {
        return files.get(reference >>> PAGE_BITS);
    }

    private static int pageOf(long reference) {
        return (int) reference & (1 << PAGE_BITS) - 1;
    }
}
