package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Placement in two tiers, and moves between them. */
final class TiersTest {
    private static final long FILE = 4 * MIB;

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
    void aWorkingSetOfTwiceTheMemoryIsFetchedOnce() throws TarnException {
        try (TieredPageStore store = fixture.openBoth(20, 80)) {
            for (int number = 0; number < 10; number++) {
                try (CachedFile file = store.open(Pattern.version(number), FILE, true)) {
                    assertTrue(Pattern.storeAll(file, FILE));
                }
            }
            for (int pass = 0; pass < 3; pass++) {
                for (int number = 0; number < 10; number++) {
                    assertWhole(store, number);
                }
            }
            assertEquals(0, fixture.count("evicted_bytes_total"));
        }
    }

    @Test
    void aGrowingFileLeavesAFullTierInsteadOfLosingPages() throws TarnException {
        try (TieredPageStore store = fixture.openIdle(16, 80);
                CachedFile written = store.open(FileVersion.owned(5, 1), -1, false)) {
            for (int page = 0; page < 30; page++) {
                assertTrue(Pattern.store(written, page, 30 * MIB));
            }
            written.seal(30 * MIB);
            for (int page = 0; page < 30; page++) {
                assertTrue(Pattern.isRight(written, page, 30 * MIB));
            }
            assertEquals(
                    30 * MIB,
                    written.residency().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
            assertTrue(fixture.count("moved_bytes_total") <= 4 * MIB, "moved " + fixture.count("moved_bytes_total"));
        }
    }

    @Test
    void whatIsReadOnSsdIsPromotedIntoFreeMemory() throws TarnException {
        try (TieredPageStore store = fixture.openIdle(20, 80)) {
            fill(store, 8);
            int promoted = whereIs(store, "SSD", 8);
            store.delete(Pattern.version(whereIs(store, "MEM", 8)));
            try (CachedFile file = store.open(Pattern.version(promoted), FILE, true);
                    PageLease held = file.lease(0)) {
                assertNotNull(held);
                touch(store, promoted, 1);
                file.wantPromotion();
                store.mover().round();
                assertEquals(Map.of("MEM", FILE), file.residency());
                ByteBuffer into = ByteBuffer.allocate(held.length());
                held.read(0, into);
                assertEquals(Pattern.page(file.version(), 0, (int) MIB), into.flip());
                assertWhole(store, promoted);
            }
            assertEquals(FILE, fixture.count("moved_bytes_total"));
        }
    }

    @Test
    void onlyWhatIsClearlyHotterDisplacesOthers() throws TarnException {
        try (TieredPageStore store = fixture.openIdle(20, 80)) {
            fill(store, 8);
            int candidate = whereIs(store, "SSD", 8);
            try (CachedFile file = store.open(Pattern.version(candidate), FILE, true)) {
                for (int number = 0; number < 8; number++) {
                    touch(store, number, 2);
                }
                file.wantPromotion();
                store.mover().round();
                assertEquals(Map.of("SSD", FILE), file.residency());

                touch(store, candidate, 12);
                file.wantPromotion();
                store.mover().round();
                assertEquals(Map.of("MEM", FILE), file.residency());
            }
            assertEquals(0, fixture.count("evicted_bytes_total"));
            for (int number = 0; number < 8; number++) {
                assertWhole(store, number);
            }
        }
    }

    @Test
    void coldFilesMakeRoomForNewOnes() throws TarnException {
        try (TieredPageStore store = fixture.openIdle(20, 80)) {
            fill(store, 8);
            store.mover().round();
            assertEquals(0, fixture.count("moved_bytes_total"));
            cool(store, 8);
            assertTrue(Pattern.storeAll(store.open(Pattern.version(99), FILE, true), FILE));
            store.mover().round();
            try (CachedFile fresh = store.open(Pattern.version(100), FILE, true)) {
                assertTrue(Pattern.storeAll(fresh, FILE));
                assertEquals(Map.of("MEM", FILE), fresh.residency());
            }
            for (int number = 0; number < 8; number++) {
                assertWhole(store, number);
            }
        }
    }

    @Test
    void aMovedFileIsWarmAfterARestart() throws TarnException {
        try (TieredPageStore store = fixture.openIdle(20, 80)) {
            fill(store, 8);
            cool(store, 8);
            store.mover().round();
            assertTrue(fixture.count("moved_bytes_total") > 0);
        }
        try (TieredPageStore store = fixture.openIdle(20, 80)) {
            for (int number = 0; number < 8; number++) {
                assertWhole(store, number);
            }
        }
    }

    private static void fill(TieredPageStore store, int files) throws TarnException {
        for (int number = 0; number < files; number++) {
            try (CachedFile file = store.open(Pattern.version(number), FILE, true)) {
                assertTrue(Pattern.storeAll(file, FILE));
            }
        }
    }

    private static int whereIs(TieredPageStore store, String tier, int files) {
        for (int number = 0; number < files; number++) {
            try (CachedFile file = store.find(Pattern.version(number))) {
                if (file != null && file.residency().containsKey(tier)) {
                    return number;
                }
            }
        }
        throw new AssertionError("nothing lies in " + tier);
    }

    /** As so many reads of the whole, in different seconds. */
    private static void touch(TieredPageStore store, int number, int times) {
        store.heatOf(Pattern.version(number)).forEach(heat -> heat.touched(times * FILE));
    }

    private static void cool(TieredPageStore store, int files) {
        for (int number = 0; number < files; number++) {
            store.heatOf(Pattern.version(number)).forEach(heat -> {
                heat.age(0);
                heat.age(3600);
            });
        }
    }

    private static void assertWhole(TieredPageStore store, int number) throws TarnException {
        try (CachedFile file = store.find(Pattern.version(number))) {
            assertNotNull(file, "file " + number);
            for (int page = 0; page < FILE / MIB; page++) {
                assertTrue(Pattern.isRight(file, page, FILE), "file " + number + " page " + page);
            }
        }
    }
}
