package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.worker.page.CacheQuota;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many threads fill, read, delete and move under pressure; every byte read must be right, and the space that is counted must be what is there. */
final class ConcurrentUseTest {
    private static final int THREADS = 8;
    private static final int FILES = 24;
    private static final long SECONDS = 8;
    private static final long SEED = 20_261_122;

    private StoreFixture fixture;

    @BeforeEach
    void makeDirectories() throws IOException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    @Test
    void readersSeeOnlyRightBytesWhilePagesAreEvictedMovedAndDeleted() throws Exception {
        AtomicLong hits = new AtomicLong();
        AtomicLong fills = new AtomicLong();
        try (TieredPageStore store = fixture.openIdle(24, 48)) {
            runThreads(store, hits, fills);
            assertTrue(hits.get() > 1000 && fills.get() > 100, hits + " hits, " + fills + " fills");
            assertTrue(fixture.count("moved_bytes_total") > 0, "nothing was moved");
            assertTrue(fixture.count("evicted_bytes_total") > 0, "nothing was evicted");
            assertEquals(0, fixture.count("corrupt_pages_total"));
            store.mover().round();
            assertCountedAsAllocated(store, "MEM", fixture.mem);
            assertCountedAsAllocated(store, "SSD", fixture.ssd);
            for (int number = 0; number < FILES; number++) {
                store.delete(Pattern.version(number));
            }
            for (TierUsage usage : store.usage()) {
                assertEquals(0, usage.getUsedBytes(), usage.getTier());
                assertEquals(0, usage.getPinnedBytes(), usage.getTier());
            }
            assertEquals(0, fixture.count("mount_cached_bytes"));
        }
    }

    private static void runThreads(TieredPageStore store, AtomicLong hits, AtomicLong fills)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                SplittableRandom random = new SplittableRandom(SEED + thread);
                running.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        useOneFile(store, random, hits, fills);
                    }
                    return null;
                }));
            }
            running.add(threads.submit(() -> {
                for (int round = 0; System.nanoTime() < end; round++) {
                    store.mover().round();
                    store.useQuotas(Map.of(
                            1L, new CacheQuota("/1", 4L * MIB, 0, 5),
                            2L, new CacheQuota("/2", 0, (round % 3) * 4L * MIB, 1 + round % 9)));
                }
            }));
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    private static void useOneFile(TieredPageStore store, SplittableRandom random, AtomicLong hits, AtomicLong fills)
            throws TarnException {
        int number = Math.min(random.nextInt(FILES), random.nextInt(FILES));
        long length = lengthOf(number);
        if (random.nextInt(50) == 0) {
            store.delete(Pattern.version(number));
            return;
        }
        if (random.nextInt(20) == 0) {
            store.pin(Pattern.version(number), random.nextBoolean());
        }
        try (CachedFile file = store.open(Pattern.version(number), length, true, number % 3)) {
            if (random.nextInt(4) == 0) {
                store.heatOf(file.version()).forEach(heat -> heat.touched(4 * length));
                file.wantPromotion();
            }
            for (int i = 0; i < 8; i++) {
                int page = random.nextInt((int) ((length + MIB - 1) / MIB));
                if (readPart(file, page, length, random)) {
                    hits.incrementAndGet();
                } else {
                    Pattern.store(file, page, length);
                    fills.incrementAndGet();
                }
            }
        }
    }

    private static boolean readPart(CachedFile file, int page, long length, SplittableRandom random)
            throws TarnException {
        try (PageLease lease = file.lease(page)) {
            if (lease == null) {
                return false;
            }
            int from = random.nextInt(lease.length());
            ByteBuffer into = ByteBuffer.allocate(Math.min(lease.length() - from, 65_536));
            lease.read(from, into);
            ByteBuffer right = Pattern.page(file.version(), page, Pattern.lengthOf(length, page));
            if (!into.flip().equals(right.slice(from, into.remaining()))) {
                throw new AssertionError("wrong bytes in page " + page + " of " + file.version());
            }
            return true;
        }
    }

    private static long lengthOf(int number) {
        return (1 + number % 6) * MIB + 1000L * number;
    }

    /** But for a hundredth, for the file system's own blocks of files with many holes. */
    private static void assertCountedAsAllocated(TieredPageStore store, String tier, Path directory)
            throws IOException {
        long counted = store.usage().stream()
                .filter(usage -> usage.getTier().equals(tier))
                .mapToLong(TierUsage::getUsedBytes)
                .sum();
        long allocated = AllocatedBytes.under(directory);
        assertTrue(
                allocated <= counted + counted / 100,
                tier + ": " + allocated + " bytes allocated, " + counted + " counted");
        assertTrue(
                allocated >= counted * 9 / 10, tier + ": " + allocated + " bytes allocated, " + counted + " counted");
    }
}
