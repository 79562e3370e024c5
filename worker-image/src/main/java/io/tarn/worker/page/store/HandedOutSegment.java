package io.tarn.worker.page.store;

import io.tarn.worker.page.CachedFile.ExportedSegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** The path of an exported segment, which the store leaves in place until this is closed. Thread-safe. */
final class HandedOutSegment implements ExportedSegment {
    private final SegmentFile file;
    private final Path path;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param file with the hold on its path counted already */
    HandedOutSegment(SegmentFile file, Path path) {
        this.file = file;
        this.path = path;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.pathHolds().decrementAndGet();
        }
    }
}
