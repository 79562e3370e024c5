package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.runtime.config.DataSize;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PinnedVersions;
import io.tarn.worker.page.TierSettings;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pinned files: what stays, how much may, and what frees it. */
final class PinTest {
    private static final long FILE = 4 * MIB;
    private static final long CHARGED = FILE + TierDirectory.ALLOCATION_BYTES;
    private static final FileVersion PINNED = Pattern.version(0);

    private StoreFixture fixture;

    @BeforeEach
    void makeDirectories() throws IOException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    private static void fill(TieredPageStore store, int from, int to) throws TarnException {
        for (int number = from; number < to; number++) {
            try (CachedFile file = store.open(Pattern.version(number), FILE, true)) {
                assertTrue(Pattern.storeAll(file, FILE));
            }
        }
    }

    /** This is no use of it. */
    private static boolean isWhole(TieredPageStore store, int number) throws TarnException {
        try (CachedFile file = store.open(Pattern.version(number), FILE, true)) {
            return file.fullyCached();
        }
    }

    private static long pinnedBytes(TieredPageStore store) {
        return store.usage().stream().mapToLong(TierUsage::getPinnedBytes).sum();
    }

    @Test
    void aPinnedFileOutlivesAScanUntilItIsPinnedNoMore() throws TarnException {
        try (TieredPageStore store = fixture.openMem(20)) {
            fill(store, 0, 1);
            for (int i = 0; i < 100; i++) {
                store.pin(PINNED, false);
                store.pin(PINNED, true);
            }
            fill(store, 1, 21);
            assertTrue(isWhole(store, 0));
            assertEquals(CHARGED, pinnedBytes(store));
            assertEquals(CHARGED, fixture.count("pinned_bytes"));

            store.pin(PINNED, false);
            assertEquals(0, pinnedBytes(store));
            fill(store, 21, 41);
            assertFalse(isWhole(store, 0));
        }
    }

    @Test
    void whatIsPinnedBeyondTheShareIsCachedLikeTheRest() throws TarnException {
        try (TieredPageStore store = openMem(80, version -> true)) {
            fill(store, 0, 20);
            assertEquals(3 * CHARGED, pinnedBytes(store), "of 20 MiB");
            assertTrue(fixture.count("refused_pins_total") >= 17, "" + fixture.count("refused_pins_total"));
            for (int number = 0; number < 3; number++) {
                assertTrue(isWhole(store, number));
            }
            store.delete(PINNED);
            assertEquals(2 * CHARGED, pinnedBytes(store));
            store.pin(Pattern.version(19), true);
            assertEquals(3 * CHARGED, pinnedBytes(store), "deletion has made room for another pin");
        }
    }

    @Test
    void whereAllIsPinnedWritesAreRefusedAndReadsPassThrough() throws TarnException {
        try (TieredPageStore store = openMem(100, version -> version.isMirrored())) {
            fill(store, 0, 4);
            try (CachedFile last = store.open(Pattern.version(4), 3 * MIB, true)) {
                assertTrue(Pattern.storeAll(last, 3 * MIB), "less than a page is free now");
            }
            try (CachedFile more = store.open(Pattern.version(9), FILE, true)) {
                assertFalse(Pattern.storeAll(more, FILE));
            }
            try (CachedFile written = store.open(FileVersion.owned(5, 1), -1, false)) {
                TarnException refused = assertThrows(TarnException.class, () -> Pattern.storeAll(written, FILE));
                assertEquals(ErrorCode.NO_SPACE, refused.code());
                assertTrue(refused.getMessage().contains("pinned"), refused.getMessage());
            }
            for (int number = 0; number < 4; number++) {
                assertTrue(isWhole(store, number));
            }
        }
    }

    @Test
    void pinsHoldOverRestarts() throws TarnException {
        Set<FileVersion> pins = Set.of(PINNED);
        try (TieredPageStore store = openMem(80, pins::contains)) {
            fill(store, 0, 4);
        }
        try (TieredPageStore store = openMem(80, pins::contains)) {
            assertEquals(CHARGED, pinnedBytes(store));
            fill(store, 4, 24);
            assertTrue(isWhole(store, 0));
        }
        try (TieredPageStore store = openMem(10, pins::contains)) {
            assertEquals(0, pinnedBytes(store), "the share is smaller now");
        }
    }

    @Test
    void aWrittenFileIsPinnedFromItsFirstPageAndEvictableOnlyOnceItIsPersistedAndUnpinned() throws TarnException {
        FileVersion owned = FileVersion.owned(7, 1);
        try (TieredPageStore store = openMem(80, owned::equals)) {
            try (CachedFile written = store.open(owned, -1, false)) {
                for (int page = 0; page < 4; page++) {
                    var content = Pattern.page(PINNED, page, (int) MIB);
                    written.store(page, content, io.tarn.protocol.checksum.PageChecksum.of(content));
                }
                written.seal(FILE);
                assertEquals(CHARGED, pinnedBytes(store));
                written.becomePersisted(PINNED, 7);
            }
            fill(store, 1, 21);
            assertTrue(isWhole(store, 0));
            store.pin(PINNED, false);
            fill(store, 21, 41);
            assertFalse(isWhole(store, 0));
        }
    }

    @Test
    void aMoveToAnotherTierTakesThePinAlong() throws TarnException {
        try (TieredPageStore store = fixture.openIdle(20, 80)) {
            fill(store, 0, 8);
            int low = whereIs(store, "SSD");
            store.delete(Pattern.version(whereIs(store, "MEM")));
            store.pin(Pattern.version(low), true);
            assertEquals(0, store.usage().getFirst().getPinnedBytes());
            try (CachedFile file = store.open(Pattern.version(low), FILE, true)) {
                for (int page = 0; page < 4; page++) {
                    assertTrue(Pattern.isRight(file, page, FILE));
                }
                file.wantPromotion();
                store.mover().round();
            }
            assertEquals(CHARGED, store.usage().getFirst().getPinnedBytes());
            assertEquals(0, store.usage().getLast().getPinnedBytes());
            fill(store, 8, 48);
            assertTrue(isWhole(store, low));
        }
    }

    private static int whereIs(TieredPageStore store, String tier) throws TarnException {
        for (int number = 0; number < 8; number++) {
            try (CachedFile file = store.open(Pattern.version(number), FILE, true)) {
                if (file.residency().containsKey(tier)) {
                    return number;
                }
            }
        }
        throw new AssertionError("nothing in " + tier);
    }

    private TieredPageStore openMem(int mostPercent, PinnedVersions pins) throws TarnException {
        TierSettings settings = new TierSettings(
                List.of(fixture.mem),
                new DataSize(20 * MIB),
                List.of(),
                new DataSize(MIB),
                new DataSize(MIB),
                64,
                10_000,
                mostPercent);
        return TieredPageStore.openIdle(settings, ReadOnlyViews.none(), pins, fixture.registry);
    }
}
