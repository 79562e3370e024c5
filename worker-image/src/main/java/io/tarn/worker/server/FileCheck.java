package io.tarn.worker.server;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.v1.CheckedFile;
import io.tarn.worker.fill.FillSession;
import io.tarn.worker.fill.FillSource;
import io.tarn.worker.fill.PageFill;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import java.util.BitSet;

/** One CHECK: compares the pages of a range that are here with their checksums, and fetches damaged ones again. Used once, by a thread that may wait. */
final class FileCheck {
    private static final int LOST_OFFSETS = 100;

    private final ServerContext server;
    private final ReadHandle handle;
    private final int firstPage;
    private final int lastPage;
    private final BitSet dropped = new BitSet();
    private final CheckedFile.Builder result = CheckedFile.newBuilder();

    FileCheck(ServerContext server, ReadHandle handle, FrameHeader request) {
        this.server = server;
        this.handle = handle;
        long start = Math.clamp(request.offset(), 0, handle.lengthBytes());
        long end = request.argument() <= 0
                ? handle.lengthBytes()
                : Math.min(handle.lengthBytes(), start + request.argument());
        firstPage = (int) (start / PageStore.PAGE_BYTES);
        lastPage = (int) ((end + PageStore.PAGE_BYTES - 1) / PageStore.PAGE_BYTES) - 1;
    }

    CheckedFile run() throws TarnException {
        try (CachedFile file = server.pages().find(handle.version())) {
            if (file != null) {
                for (int page = firstPage; page <= lastPage; page++) {
                    requireWanted();
                    check(file, page);
                }
                repair(file);
            }
        }
        return result.build();
    }

    private void check(CachedFile file, int page) {
        switch (file.check(page)) {
            case ABSENT -> {}
            case WHOLE -> result.setCheckedPages(result.getCheckedPages() + 1);
            case DROPPED -> {
                result.setCheckedPages(result.getCheckedPages() + 1);
                dropped.set(page);
            }
            case LOST -> {
                result.setCheckedPages(result.getCheckedPages() + 1);
                result.setLostPages(result.getLostPages() + 1);
                if (result.getLostOffsetsCount() < LOST_OFFSETS) {
                    result.addLostOffsets((long) page * PageStore.PAGE_BYTES);
                }
            }
        }
    }

    private void repair(CachedFile file) throws TarnException {
        FillSource source = handle.fillSource();
        int repaired = 0;
        if (source != null && !dropped.isEmpty()) {
            try (FillSession session = server.fills().open(source, true, file::hasPage)) {
                for (int page = dropped.nextSetBit(0); page >= 0; page = dropped.nextSetBit(page + 1)) {
                    requireWanted();
                    repaired += fetch(session, page) ? 1 : 0;
                }
            }
        }
        result.setRepairedPages(repaired).setDroppedPages(dropped.cardinality() - repaired);
    }

    /** @return whether it is in the page store now */
    private static boolean fetch(FillSession session, int page) {
        PageFill fill = session.demand(page, page);
        if (fill == null) {
            return true;
        }
        try {
            return fill.outcome().join();
        } finally {
            fill.detach();
        }
    }

    private void requireWanted() throws TarnException {
        if (handle.closed()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the handle was closed while it was checked");
        }
    }
}
