package io.tarn.worker.page.store;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a file whose writer has gone at its last flushed byte. Used once, by one thread, while nobody else uses the file. */
final class FlushedEnd {
    private static final Logger log = LoggerFactory.getLogger(FlushedEnd.class);

    private final StoredFile file;
    private final StoreParts parts;

    FlushedEnd(StoredFile file, StoreParts parts) {
        this.file = file;
        this.parts = parts;
    }

    /** @return the length; what a power cut has damaged ends the file before its time */
    long seal() throws IOException {
        if (file.lengthBytes() >= 0) {
            return file.lengthBytes();
        }
        long length = intactBytes(file.flushedBytes());
        if (length < file.flushedBytes()) {
            log.error(
                    "{} is sealed at {} of {} flushed bytes: the page after them is damaged or gone; check the disk and the memory of this node",
                    file.version(),
                    length,
                    file.flushedBytes());
        }
        int lastPage = (int) ((length - 1 + PageStore.PAGE_BYTES) / PageStore.PAGE_BYTES) - 1;
        for (Segment segment : file.segments()) {
            segment.pages().dropAfter(lastPage - segment.firstPage());
        }
        if (lastPage >= 0) {
            shorten(lastPage, (int) (length - (long) lastPage * PageStore.PAGE_BYTES));
        } else {
            file.tailChanged(0, PageStore.PAGE_BYTES);
        }
        file.seal(length);
        return length;
    }

    private long intactBytes(long flushedBytes) throws IOException {
        for (long offset = 0; offset < flushedBytes; offset += PageStore.PAGE_BYTES) {
            try (PageLease lease = lease((int) (offset / PageStore.PAGE_BYTES))) {
                if (lease == null || lease.length() < Math.min(PageStore.PAGE_BYTES, flushedBytes - offset)) {
                    return offset;
                }
            }
        }
        return flushedBytes;
    }

    private @Nullable PageLease lease(int page) throws TarnException {
        Segment segment = file.knownSegment(page / file.segmentPages());
        try {
            return segment == null ? null : segment.lease(page % file.segmentPages());
        } catch (TarnException e) {
            if (e.code() == ErrorCode.CORRUPT) {
                return null;
            }
            throw e;
        }
    }

    /** Drops the bytes of the last page that were stored after the flush; also says that no other page is the short one. */
    private void shorten(int page, int length) throws IOException {
        ByteBuffer buffer = parts.buffers().take();
        try {
            try (PageLease lease = lease(page)) {
                if (lease == null) {
                    throw new TarnException(ErrorCode.CORRUPT, "page " + page + " of " + file.version() + " is gone");
                }
                lease.read(0, buffer.limit(length));
            }
            buffer.flip();
            Segment segment = file.segment(page / file.segmentPages());
            new LastPage(segment, parts).replace(page % file.segmentPages(), buffer, PageChecksum.of(buffer));
        } finally {
            parts.buffers().giveBack(buffer);
        }
    }
}
