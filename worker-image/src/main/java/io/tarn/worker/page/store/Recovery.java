package io.tarn.worker.page.store;

import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexFormat;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Builds the state in memory from what the scans found, before the store is used. Not thread-safe. */
final class Recovery {
    private final Function<IndexHeader, StoredFile> files;
    private final StoreParts parts;
    private final OpenedDirectories opened;
    private final List<Segment> recovered = new ArrayList<>();
    private long pages;

    Recovery(Function<IndexHeader, StoredFile> files, StoreParts parts, OpenedDirectories opened) {
        this.files = files;
        this.parts = parts;
        this.opened = opened;
    }

    long pages() {
        return pages;
    }

    /** Of two files of one segment, left by a crash in the middle of a move, the one with the higher generation stays. */
    void add(FoundSegment found) {
        StoredFile file = files.apply(found.header());
        Segment segment = file.segment(found.header().segmentNumber());
        SegmentFile here = new SegmentFile(
                parts.placement().nextFileId(), segment, found.directory(), parts.openFiles(), found.header());
        SegmentFile other = segment.current();
        if (file.segmentPages() != found.header().segmentPages()
                || other != null
                        && other.header().generation() >= found.header().generation()) {
            here.retire();
            return;
        }
        if (other != null) {
            segment.discard();
        }
        file.recover(found.header());
        segment.setCurrent(here);
        here.addAllocated(here.indexChargedBytes());
        found.directory().add(here);
        for (int page = 0; page < found.entries().length; page++) {
            if (found.entries()[page] != 0) {
                addPage(segment, here, page, found.entries()[page]);
            }
        }
        here.setPinned(file.isPinned());
        found.directory().recovered(here.allocatedBytes());
        recovered.add(segment);
    }

    void enterQueues() {
        for (Segment segment : recovered) {
            SegmentFile here = segment.current();
            if (here != null && here.isEvictableByPage()) {
                segment.enterQueues(here, page -> true);
            }
        }
    }

    private void addPage(Segment segment, SegmentFile here, int page, long entry) {
        StoredFile file = segment.file();
        int global = segment.firstPage() + page;
        boolean valid = IndexFormat.isValid(entry, here.header().salt(), page);
        if (valid) {
            file.recoverTail(global, IndexFormat.lengthBytesOf(entry));
            valid = file.pageLength(global) == IndexFormat.lengthBytesOf(entry);
        }
        if (valid) {
            segment.recovered(here, page, entry, opened.wasClean(here.directory()) ? PageTable.VERIFIED : 0);
            pages++;
            return;
        }
        parts.metrics().corruptPage();
        here.directory().reportCorrupt(file.version(), global, !file.isPersisted());
        if (file.isPersisted()) {
            dropPage(here, page);
        } else if (file.pageLength(global) > 0) {
            segment.recovered(here, page, entry, PageTable.DAMAGED);
        }
    }

    private static void dropPage(SegmentFile here, int page) {
        try {
            if (here.enter()) {
                try {
                    here.writeEntry(page, 0);
                    if (!here.header().exported()) {
                        here.punchHole((long) page * PageStore.PAGE_BYTES, PageStore.PAGE_BYTES);
                    }
                } finally {
                    here.leave();
                }
            }
        } catch (TarnException e) {
            throw new IllegalStateException("segment files throw no Tarn errors", e);
        } catch (IOException e) {
            here.directory().failed("dropping a page of " + here.header().version(), e);
        }
    }
}
