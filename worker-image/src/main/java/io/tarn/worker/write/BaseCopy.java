package io.tarn.worker.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.persist.PersistedVersions;
import io.tarn.worker.store.MountedStores;
import io.tarn.worker.store.StoreUse;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a file's old version, copied to the new one before anything is appended: from this worker's pages where these are here, else from the
 * under store. Takes 1 MiB of memory; for one thread.
 */
final class BaseCopy {
    private final long lengthBytes;
    private final PageStore pages;
    private final PersistedVersions persisted;
    private final MountedStores stores;
    private Ticket base;
    private @Nullable CachedFile file;

    BaseCopy(Ticket base, long lengthBytes, PageStore pages, PersistedVersions persisted, MountedStores stores)
            throws TarnException {
        if (lengthBytes < 0 || lengthBytes > base.getLengthBytes()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    base.getPath() + " has " + base.getLengthBytes() + " bytes, not " + lengthBytes + " to begin with");
        }
        this.base = base;
        this.lengthBytes = lengthBytes;
        this.pages = pages;
        this.persisted = persisted;
        this.stores = stores;
    }

    /**
     * @param cancelled asked before each piece; the copy is not whole then
     * @return bytes copied
     */
    long copyTo(WriteTarget target, BooleanSupplier cancelled) throws TarnException {
        ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(PageStore.PAGE_BYTES, PageStore.PAGE_BYTES);
        try {
            file = pages.find(FileVersion.of(base.getVersion()));
            long offset = 0;
            while (offset < lengthBytes && !cancelled.getAsBoolean()) {
                int wanted = (int) Math.min(PageStore.PAGE_BYTES, lengthBytes - offset);
                ByteBuffer page = memory.nioBuffer(0, wanted);
                if (!readCached(offset, page)
                        && !(followed() && readCached(offset, page.clear().limit(wanted)))) {
                    readFromStore(offset, page.clear().limit(wanted));
                }
                page.flip();
                target.append(page, PageChecksum.of(page));
                offset += wanted;
            }
            return offset;
        } finally {
            memory.release();
            leave();
        }
    }

    /** Whether the version was brought to its under store since it was looked for, and what it has become is looked at from now on. */
    private boolean followed() {
        Ticket became = persisted.follow(base);
        if (became.equals(base)) {
            return false;
        }
        base = became;
        leave();
        file = pages.find(FileVersion.of(base.getVersion()));
        return true;
    }

    private void leave() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    /** Checks the whole page, also where only its beginning is wanted. */
    private boolean readCached(long offset, ByteBuffer into) throws TarnException {
        try (PageLease lease = file == null ? null : file.lease((int) (offset / PageStore.PAGE_BYTES))) {
            if (lease == null || lease.length() < into.remaining()) {
                return false;
            }
            int wanted = into.remaining();
            lease.read(0, into);
            return wanted < lease.length() || PageChecksum.of(into.duplicate().flip()) == lease.crc32c();
        }
    }

    private void readFromStore(long offset, ByteBuffer into) throws TarnException {
        if (!base.hasBacking()) {
            throw new TarnException(
                    ErrorCode.NOT_FOUND,
                    "the bytes of " + base.getPath() + " at offset " + offset
                            + " are not on this worker, and no under store has them");
        }
        try (StoreUse use = stores.use(base.getBacking().getMountId())) {
            use.store()
                    .read(
                            base.getBacking().getPath(),
                            base.getBacking().getVersionTag(),
                            offset,
                            into.remaining(),
                            into::put);
        }
    }
}
