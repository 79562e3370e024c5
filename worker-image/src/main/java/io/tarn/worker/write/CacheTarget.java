package io.tarn.worker.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.pin.Pins;
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
    private final Pins pins;
    private final RoomRequests rooms;
    private final FileVersion version;
    private final long mountId;
    private final boolean optional;
    private final boolean durable;
    private @Nullable CachedFile file;
    private @Nullable ByteBuf partial;
    private int nextPage;

    /** The page at the end is in the page store with the bytes that it had at the last flush. */
    private boolean partialStored;

    private boolean flushed;

    /**
     * @param mountId of the under store that holds the bytes too, with {@code optional}
     * @param durable the bytes go to a disk, where there is one, and are there at the commit
     */
    CacheTarget(
            PageStore pages,
            Pins pins,
            RoomRequests rooms,
            FileVersion version,
            long mountId,
            boolean optional,
            boolean durable)
            throws TarnException {
        this.pages = pages;
        this.pins = pins;
        this.rooms = rooms;
        this.version = version;
        this.mountId = mountId;
        this.optional = optional;
        this.durable = durable;
        dropEarlier();
        withRoom(() -> file = pages.open(version, -1, false, mountId));
        CachedFile opened = file;
        if (durable && opened != null) {
            withRoom(opened::makeDurable);
        }
    }

    /** Where there is an under store, the cache is not worth waiting for. */
    private void withRoom(RoomRequests.Storing storing) throws TarnException {
        if (optional) {
            storing.run();
        } else {
            rooms.withRoom(storing);
        }
    }

    /** A writer of the same version has gone, and begins again. */
    private void dropEarlier() throws TarnException {
        try (CachedFile earlier = pages.find(version)) {
            if (earlier == null) {
                return;
            }
            if (earlier.lengthBytes() >= 0) {
                throw new TarnException(
                        ErrorCode.LEASE_EXPIRED, "the file was completed or sealed already; write it again");
            }
            pages.delete(version);
        }
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
            if (partialStored) {
                withRoom(() -> target.storeLast(nextPage, page.duplicate(), crc32c));
            } else {
                withRoom(() -> target.store(nextPage, page.duplicate(), crc32c));
            }
            partialStored = false;
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
    public boolean flush(boolean toDisk) throws TarnException {
        CachedFile target = file;
        if (target == null) {
            return false;
        }
        long heldBytes = (long) nextPage * PageStore.PAGE_BYTES + storePartialSoFar(target);
        if (toDisk) {
            withRoom(target::makeDurable);
        }
        flushed |= heldBytes > 0;
        target.flushed(heldBytes);
        if (toDisk) {
            target.force();
        }
        return true;
    }

    /** The page at the end is kept here too: more is appended to it. @return its bytes */
    private int storePartialSoFar(CachedFile target) throws TarnException {
        ByteBuf gathered = partial;
        if (gathered == null) {
            return 0;
        }
        int crc32c = PageChecksum.of(gathered.nioBuffer());
        withRoom(() -> target.storeLast(nextPage, gathered.nioBuffer(), crc32c));
        partialStored = true;
        return gathered.readableBytes();
    }

    /**
     * Gives another place all that was here at the last flush, which nothing may have followed.
     *
     * @throws TarnException CORRUPT where a page has been damaged, and what the other place throws
     */
    void copyTo(WriteTarget other) throws TarnException {
        CachedFile source = file;
        if (source != null) {
            PageCopy.run(source, nextPage + (partial == null ? 0 : 1), other);
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
            if (durable) {
                target.force();
            }
            if (stored != null) {
                FileVersion persisted = FileVersion.mirrored(mountId, stored.path(), stored.versionTag());
                pins.persisted(
                        version,
                        persisted,
                        Backing.newBuilder()
                                .setMountId(mountId)
                                .setPath(stored.path())
                                .build());
                target.becomePersisted(persisted, mountId);
            }
        } catch (TarnException e) {
            if (!optional) {
                throw e;
            }
            log.warn("a written file stays uncached: {}", e.getMessage());
            abort();
            return null;
        }
        flushed = false;
        release();
        return null;
    }

    @Override
    public void leave() {
        if (flushed) {
            release();
        } else {
            abort();
        }
    }

    @Override
    public void abort() {
        boolean held = flushed || file != null;
        release();
        flushed = false;
        if (held) {
            try {
                pages.delete(version);
            } catch (TarnException e) {
                log.warn("pages of the dropped version {} stay until the next start: {}", version, e.getMessage());
            }
        }
    }

    private void release() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
        CachedFile target = file;
        if (target != null) {
            file = null;
            target.close();
        }
    }
}
