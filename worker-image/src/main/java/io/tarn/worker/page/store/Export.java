package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.CachedFile.ExportedSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the paths of a wholly cached file: checks every page that nobody has checked since the start, then marks each segment as exported, durably, so
 * that no later process punches it either. Used once, by one thread.
 */
final class Export {
    private static final int ATTEMPTS = 8;

    private final StoredFile file;
    private final StoreParts parts;

    Export(StoredFile file, StoreParts parts) {
        this.file = file;
        this.parts = parts;
    }

    List<ExportedSegment> run() throws TarnException {
        List<ExportedSegment> handedOut = new ArrayList<>();
        boolean done = false;
        try {
            long segments = file.pages() < 0 ? 1 : (file.pages() + file.segmentPages() - 1) / file.segmentPages();
            for (int number = 0; number < segments; number++) {
                handedOut.add(exportSegment(number));
            }
            done = true;
            return handedOut;
        } catch (IOException e) {
            throw file.failure("exporting", e);
        } finally {
            if (!done) {
                handedOut.forEach(ExportedSegment::close);
            }
        }
    }

    private ExportedSegment exportSegment(int number) throws IOException {
        Segment segment = file.knownSegment(number);
        for (int attempt = 0; attempt < ATTEMPTS && segment != null; attempt++) {
            checkPages(segment);
            ExportedSegment exported = tryExport(segment);
            if (exported != null) {
                return exported;
            }
        }
        throw new TarnException(
                ErrorCode.NOT_FOUND,
                file.version() + " is not wholly cached on this worker: read it by pages, or load it first");
    }

    private static void checkPages(Segment segment) throws IOException {
        SegmentFile here = segment.current();
        if (here == null) {
            return;
        }
        for (int page : here.pages().presentPages()) {
            long state = here.pages().get(page);
            if (PageTable.isPresent(state) && !PageTable.isLeasable(state)) {
                segment.pages().check(here, page);
            }
        }
    }

    /** @return null where a page is absent or unchecked, which another attempt may mend */
    private @Nullable ExportedSegment tryExport(Segment segment) throws IOException {
        segment.lock().writeLock().lock();
        try {
            SegmentFile here = segment.current();
            if (here == null || !isWhole(segment, here)) {
                return null;
            }
            Path path = parts.views().pathOf(here.directory(), here.paths().data());
            if (path == null) {
                throw new TarnException(
                        ErrorCode.UNSUPPORTED,
                        "this worker hands out no descriptors of files in " + here.directory()
                                + ": the directory has no read-only view");
            }
            if (!here.header().exported()) {
                segment.markExported(here);
            }
            segment.heat().touched(segment.presentBytes());
            here.pathHolds().incrementAndGet();
            return new HandedOutSegment(here, path);
        } finally {
            segment.lock().writeLock().unlock();
        }
    }

    private static boolean isWhole(Segment segment, SegmentFile here) {
        if (segment.file().lengthBytes() < 0 || segment.presentBytes() != segment.expectedBytes()) {
            return false;
        }
        for (int page : here.pages().presentPages()) {
            if (!PageTable.isLeasable(here.pages().get(page))) {
                return false;
            }
        }
        return true;
    }
}
