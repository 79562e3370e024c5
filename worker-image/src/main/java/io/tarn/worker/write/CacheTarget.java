package io.tarn.worker.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file into the page store, page by page. Where the bytes go to an under store too, a cache without room is no failure: what was cached of the
 * file is dropped, and the write goes on without it.
 */
final class CacheTarget implements WriteTarget {
    private static final Logger log = LoggerFactory.getLogger(CacheTarget.class);

    private final PageStore pages;
    private final FileVersion version;
    private final long mountId;
    private final boolean optional;
    private @Nullable CachedFile file;
    private @Nullable ByteBuf partial;
    private int nextPage;

    /** @param mountId of the under store that holds the bytes too, with {@code optional} */
    CacheTarget(PageStore pages, FileVersion version, long mountId, boolean optional) throws TarnException {
        this.pages = pages;
        this.version = version;
        this.mountId = mountId;
        this.optional = optional;
        file = pages.open(version, -1, false);
    }

    @Override
    public void append(ByteBuffer bytes, int crc32c) throws TarnException {
        if (partial == null && bytes.remaining() == PageStore.PAGE_BYTES) {
            store(bytes, crc32c);
            return;
        }
        while (bytes.hasRemaining() && file != null) {
            boolean aligned = partial == null;
            if (aligned && bytes.remaining() >= PageStore.PAGE_BYTES) {
                ByteBuffer page = bytes.slice(bytes.position(), PageStore.PAGE_BYTES);
                bytes.position(bytes.position() + PageStore.PAGE_BYTES);
                store(page, PageChecksum.of(page));
            } else {
                gather(bytes);
            }
        }
    }

    private void gather(ByteBuffer bytes) throws TarnException {
        ByteBuf gathered = partial;
        if (gathered == null) {
            gathered = PooledByteBufAllocator.DEFAULT.directBuffer(PageStore.PAGE_BYTES, PageStore.PAGE_BYTES);
            partial = gathered;
        }
        int count = Math.min(gathered.writableBytes(), bytes.remaining());
        gathered.writeBytes(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        if (!gathered.isWritable()) {
            storePartial();
        }
    }

    private void storePartial() throws TarnException {
        ByteBuf gathered = partial;
        if (gathered != null) {
            partial = null;
            try {
                store(gathered.nioBuffer(), PageChecksum.of(gathered.nioBuffer()));
            } finally {
                gathered.release();
            }
        }
    }

    private void store(ByteBuffer page, int crc32c) throws TarnException {
        CachedFile target = file;
        if (target == null) {
            return;
        }
        try {
            target.store(nextPage, page, crc32c);
            nextPage++;
        } catch (TarnException e) {
            if (!optional) {
                throw e;
            }
            log.warn("a file is written past the cache: {}", e.getMessage());
            abort();
        }
    }

    @Override
    public void force() throws TarnException {
        if (partial != null) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED, "a durable flush inside a page of 1 MiB is not supported; close the file");
        }
        if (file != null) {
            file.force();
        }
    }

    @Override
    public @Nullable StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException {
        storePartial();
        CachedFile target = file;
        if (target == null) {
            return null;
        }
        try {
            target.seal(lengthBytes);
            if (stored != null) {
                target.becomePersisted(FileVersion.mirrored(mountId, stored.path(), stored.versionTag()));
            }
        } catch (TarnException e) {
            if (!optional) {
                throw e;
            }
            log.warn("a written file stays uncached: {}", e.getMessage());
            abort();
            return null;
        }
        file = null;
        target.close();
        return null;
    }

    @Override
    public void abort() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
        CachedFile target = file;
        if (target != null) {
            file = null;
            target.close();
            try {
                pages.delete(version);
            } catch (TarnException e) {
                log.warn("pages of the dropped version {} stay until the next start: {}", version, e.getMessage());
            }
        }
    }
}
