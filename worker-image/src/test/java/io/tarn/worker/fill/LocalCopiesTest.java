package io.tarn.worker.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.runtime.config.DataSize;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.TierSettings;
import io.tarn.worker.page.store.TieredPageStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalCopiesTest {
    private static final int MIB = 1 << 20;
    private static final int CAPACITY_MIB = 20;
    private static final int PERCENT = 20;
    private static final int OWN = 12;
    private static final int COPIES = 30;

    @TempDir
    Path directory;

    private TieredPageStore open() throws TarnException {
        TierSettings settings = new TierSettings(
                List.of(directory),
                new DataSize((long) CAPACITY_MIB * MIB),
                List.of(),
                new DataSize(MIB),
                new DataSize(MIB),
                64,
                1000,
                80);
        return TieredPageStore.open(settings, new SimpleMeterRegistry());
    }

    private static PageKey store(PageStore pages, long number) throws TarnException {
        FileVersion version = FileVersion.mirrored(1, "file-" + number, "tag");
        ByteBuffer page = ByteBuffer.allocate(MIB);
        try (CachedFile file = pages.open(version, MIB, true)) {
            assertTrue(file.store(0, page, PageChecksum.of(page)));
        }
        return new PageKey(version, 0);
    }

    private static int present(PageStore pages, int from, int to) {
        int present = 0;
        for (int number = from; number < to; number++) {
            try (CachedFile file = pages.find(FileVersion.mirrored(1, "file-" + number, "tag"))) {
                present += file == null ? 0 : 1;
            }
        }
        return present;
    }

    @Test
    void theyHaveABoundedShareAndPushOutNothingOfThisWorkersOwn() throws TarnException {
        try (TieredPageStore pages = open()) {
            LocalCopies copies = new LocalCopies(pages, PERCENT);
            for (int number = 0; number < OWN; number++) {
                store(pages, number);
            }
            for (int number = OWN; number < OWN + COPIES; number++) {
                copies.stored(store(pages, number), MIB);
            }
            assertEquals(OWN, present(pages, 0, OWN));
            assertEquals(CAPACITY_MIB * PERCENT / 100, present(pages, OWN, OWN + COPIES));
        }
    }

    @Test
    void oneThatIsInUseStays() throws TarnException {
        try (TieredPageStore pages = open()) {
            LocalCopies copies = new LocalCopies(pages, PERCENT);
            PageKey used = store(pages, 0);
            copies.stored(used, MIB);
            try (CachedFile file = Objects.requireNonNull(pages.find(used.version()));
                    CachedFile.PageLease lease = Objects.requireNonNull(file.lease(0))) {
                for (int number = 1; number < COPIES; number++) {
                    copies.stored(store(pages, number), MIB);
                }
                assertEquals(MIB, lease.length());
                assertEquals(1, present(pages, 0, 1));
            }
        }
    }
}
