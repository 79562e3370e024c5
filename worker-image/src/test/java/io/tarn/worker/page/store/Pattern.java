package io.tarn.worker.page.store;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Page contents that follow from version and page number, so that a reader knows what is right. */
final class Pattern {
    private Pattern() {}

    static FileVersion version(int number) {
        return FileVersion.mirrored(1, "file-" + number, "v1");
    }

    static ByteBuffer page(FileVersion version, int page, int lengthBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(PageStore.PAGE_BYTES);
        SplittableRandom random = new SplittableRandom(version.low() * 31 + page);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextLong());
        }
        return bytes.flip().limit(lengthBytes);
    }

    static int lengthOf(long fileBytes, int page) {
        return (int) Math.min(PageStore.PAGE_BYTES, fileBytes - (long) page * PageStore.PAGE_BYTES);
    }

    static boolean store(CachedFile file, int page, long fileBytes) throws TarnException {
        ByteBuffer content = page(file.version(), page, lengthOf(fileBytes, page));
        return file.store(page, content, PageChecksum.of(content));
    }

    static boolean storeAll(CachedFile file, long fileBytes) throws TarnException {
        boolean all = true;
        for (int page = 0; (long) page * PageStore.PAGE_BYTES < fileBytes; page++) {
            all &= store(file, page, fileBytes);
        }
        return all;
    }

    /** The bytes under a lease, or null where the page is absent. */
    static @Nullable ByteBuffer read(CachedFile file, int page) throws TarnException {
        try (PageLease lease = file.lease(page)) {
            if (lease == null) {
                return null;
            }
            ByteBuffer into = ByteBuffer.allocate(lease.length());
            lease.read(0, into);
            return into.flip();
        }
    }

    /** Whether the page is there; fails where its bytes are wrong. */
    static boolean isRight(CachedFile file, int page, long fileBytes) throws TarnException {
        ByteBuffer bytes = read(file, page);
        if (bytes == null) {
            return false;
        }
        if (!bytes.equals(page(file.version(), page, lengthOf(fileBytes, page)))) {
            throw new AssertionError("page " + page + " of " + file.version() + " has wrong bytes");
        }
        return true;
    }
}
