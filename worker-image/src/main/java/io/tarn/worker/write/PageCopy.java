package io.tarn.worker.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.nio.ByteBuffer;

/** Gives pages of a cached file to another place, each checked before. Stateless. */
final class PageCopy {
    private PageCopy() {}

    /**
     * Takes 1 MiB of memory.
     *
     * @param pages how many, from the first
     * @throws TarnException CORRUPT for one that is damaged or missing, and what the other place throws
     */
    static void run(CachedFile file, int pages, WriteTarget target) throws TarnException {
        ByteBuf memory = PooledByteBufAllocator.DEFAULT.directBuffer(PageStore.PAGE_BYTES, PageStore.PAGE_BYTES);
        try {
            for (int page = 0; page < pages; page++) {
                ByteBuffer bytes = memory.nioBuffer(0, PageStore.PAGE_BYTES);
                int crc32c = read(file, page, bytes);
                target.append(bytes.flip(), crc32c);
            }
        } finally {
            memory.release();
        }
    }

    private static int read(CachedFile file, int page, ByteBuffer into) throws TarnException {
        try (PageLease lease = file.lease(page)) {
            if (lease == null) {
                throw damaged(page);
            }
            into.limit(lease.length());
            lease.read(0, into);
            if (PageChecksum.of(into.duplicate().flip()) != lease.crc32c()) {
                throw damaged(page);
            }
            return lease.crc32c();
        }
    }

    private static TarnException damaged(int page) {
        return new TarnException(ErrorCode.CORRUPT, "page " + page + " of a file that is to be copied is damaged");
    }
}
