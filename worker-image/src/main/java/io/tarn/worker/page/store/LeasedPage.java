package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease of one page of a segment file, which stays readable although the segment may move or be deleted. Thread-safe. */
final class LeasedPage extends AtomicBoolean implements PageLease {
    private static final long serialVersionUID = 1;

    private final transient SegmentFile file;
    private final int page;
    private final int length;
    private final int crc32c;

    LeasedPage(SegmentFile file, int page, int length, int crc32c) {
        this.file = file;
        this.page = page;
        this.length = length;
        this.crc32c = crc32c;
    }

    @Override
    public FileChannel channel() {
        return file.channel();
    }

    @Override
    public long position() {
        return (long) page * PageStore.PAGE_BYTES;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int crc32c() {
        return crc32c;
    }

    @Override
    public String tier() {
        return file.directory().tier();
    }

    @Override
    public void read(int offsetInPage, ByteBuffer into) throws TarnException {
        if (offsetInPage < 0 || into.remaining() > length - offsetInPage) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "bytes " + offsetInPage + " to " + (offsetInPage + (long) into.remaining()) + " of a page of "
                            + length);
        }
        try {
            file.read(position() + offsetInPage, into);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "reading " + file.paths().data() + ": " + e, e);
        }
    }

    @Override
    public void close() {
        if (compareAndSet(false, true)) {
            file.pages().release(page);
            file.leave();
        }
    }
}
