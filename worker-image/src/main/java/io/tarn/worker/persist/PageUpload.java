package io.tarn.worker.persist;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Ticket;
import io.tarn.understore.StoreWriter;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Streams the pages of one file version into a store, each checked against its CRC32C just before. Takes 1 MiB of memory; for one thread. */
final class PageUpload {
    private final Ticket ticket;
    private final @Nullable CachedFile file;

    /** @param file null where no page of it is here, as of an empty file */
    PageUpload(Ticket ticket, @Nullable CachedFile file) {
        this.ticket = ticket;
        this.file = file;
    }

    /**
     * @param cancelled asked before each page
     * @return false where it was cancelled
     * @throws TarnException CORRUPT or NOT_FOUND, naming file and offset; what the store throws
     */
    boolean run(StoreWriter writer, BooleanSupplier cancelled) throws TarnException {
        ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(PageStore.PAGE_BYTES, PageStore.PAGE_BYTES);
        try {
            for (long offset = 0; offset < ticket.getLengthBytes(); offset += PageStore.PAGE_BYTES) {
                if (cancelled.getAsBoolean()) {
                    return false;
                }
                int length = (int) Math.min(PageStore.PAGE_BYTES, ticket.getLengthBytes() - offset);
                ByteBuffer page = memory.nioBuffer(0, length);
                read(offset, page);
                writer.write(page.rewind());
            }
            return !cancelled.getAsBoolean();
        } finally {
            memory.release();
        }
    }

    private void read(long offset, ByteBuffer into) throws TarnException {
        int length = into.remaining();
        try (PageLease lease = lease(offset)) {
            if (lease == null || lease.length() != length) {
                throw new TarnException(
                        ErrorCode.NOT_FOUND,
                        "the bytes of " + ticket.getPath() + " at offset " + offset + " are not on this worker");
            }
            lease.read(0, into);
            if (PageChecksum.of(into.flip()) != lease.crc32c()) {
                throw damaged(offset, null);
            }
        }
    }

    private @Nullable PageLease lease(long offset) throws TarnException {
        try {
            return file == null ? null : file.lease(Math.toIntExact(offset / PageStore.PAGE_BYTES));
        } catch (TarnException e) {
            throw e.code() == ErrorCode.CORRUPT ? damaged(offset, e) : e;
        }
    }

    private TarnException damaged(long offset, @Nullable TarnException cause) {
        return new TarnException(
                ErrorCode.CORRUPT,
                "the page of " + ticket.getPath() + " at offset " + offset
                        + " fails its checksum on this worker, and no"
                        + " under store has the file: write it again, and check the memory and disks of this node",
                cause);
    }
}
