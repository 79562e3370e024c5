package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the contract of {@link io.tarn.worker.page.PageStore} promises, on one tier. */
final class TieredPageStoreTest {
    private static final FileVersion VERSION = Pattern.version(1);
    private static final FileVersion OWNED = FileVersion.owned(7, 1);
    private static final long ODD = 3 * MIB + 4321;

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
    void whatIsStoredIsLeased() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, ODD, true)) {
            assertNull(file.lease(0));
            assertTrue(Pattern.storeAll(file, ODD));
            for (int page = 0; page < 4; page++) {
                assertTrue(Pattern.isRight(file, page, ODD));
            }
            assertTrue(file.fullyCached());
            assertEquals(ODD, file.residency().get("MEM"));
            assertEquals(1, store.files());
            try (PageLease lease = file.lease(3)) {
                assertNotNull(lease);
                assertEquals(4321, lease.length());
                assertThrows(TarnException.class, () -> lease.read(4000, ByteBuffer.allocate(500)));
            }
        }
    }

    @Test
    void aPageThatIsPresentStaysAsItIs() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, ODD, true)) {
            Pattern.store(file, 1, ODD);
            long used = store.usage().getFirst().getUsedBytes();
            assertTrue(file.store(1, ByteBuffer.allocate((int) MIB), 0));
            assertTrue(Pattern.isRight(file, 1, ODD));
            assertEquals(used, store.usage().getFirst().getUsedBytes());
        }
    }

    @Test
    void pagesThatDoNotFitTheFileAreRefused() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, ODD, true)) {
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> file.store(3, ByteBuffer.allocate(4322), 0));
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> file.store(4, ByteBuffer.allocate(1), 0));
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> file.store(-1, ByteBuffer.allocate(1), 0));
            assertNull(file.lease(-1));
            assertNull(file.lease(1 << 30));
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> store.open(VERSION, ODD + 1, true));
        }
    }

    @Test
    void deletedPagesStayReadableUnderTheirLease() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, ODD, true)) {
            Pattern.storeAll(file, ODD);
            try (PageLease lease = file.lease(0)) {
                assertNotNull(lease);
                store.delete(VERSION);
                assertNull(store.find(VERSION));
                assertNull(file.lease(0));
                ByteBuffer into = ByteBuffer.allocate(lease.length());
                lease.read(0, into);
                assertEquals(Pattern.page(VERSION, 0, (int) MIB), into.flip());
                assertTrue(store.usage().getFirst().getUsedBytes() > 0);
            }
            assertEquals(0, store.usage().getFirst().getUsedBytes());
            assertFalse(Pattern.store(file, 1, ODD));
        }
    }

    @Test
    void aFullTierEvictsWhatCanBeFetchedAgain() throws TarnException {
        try (TieredPageStore store = fixture.openMem(32)) {
            for (int number = 0; number < 20; number++) {
                try (CachedFile file = store.open(Pattern.version(number), 4 * MIB, true)) {
                    assertTrue(Pattern.storeAll(file, 4 * MIB));
                }
            }
            assertTrue(store.usage().getFirst().getUsedBytes() <= 32 * MIB);
            assertTrue(fixture.count("evicted_bytes_total") >= 48 * MIB);
            int present = 0;
            for (int number = 0; number < 20; number++) {
                try (CachedFile file = store.open(Pattern.version(number), 4 * MIB, true)) {
                    for (int page = 0; page < 4; page++) {
                        present += Pattern.isRight(file, page, 4 * MIB) ? 1 : 0;
                    }
                }
            }
            assertTrue(present >= 28 && present <= 32, "pages present: " + present);
        }
    }

    @Test
    void leasedAndUnpersistedPagesAreNeverEvicted() throws TarnException {
        try (TieredPageStore store = fixture.openMem(16);
                CachedFile owned = store.open(OWNED, -1, false);
                CachedFile leased = store.open(VERSION, 4 * MIB, true)) {
            for (int page = 0; page < 8; page++) {
                Pattern.store(owned, page, 8 * MIB);
            }
            Pattern.store(leased, 0, 4 * MIB);
            try (PageLease lease = leased.lease(0)) {
                assertNotNull(lease);
                try (CachedFile filler = store.open(Pattern.version(9), 40 * MIB, true)) {
                    for (int page = 0; page < 40; page++) {
                        assertTrue(Pattern.store(filler, page, 40 * MIB));
                    }
                }
                assertTrue(leased.hasPage(0));
            }
            for (int page = 0; page < 8; page++) {
                assertTrue(Pattern.isRight(owned, page, 8 * MIB));
            }
            assertEquals(List.of(OWNED), store.unpersistedVersions());
            assertCode(ErrorCode.NO_SPACE, () -> {
                for (int page = 8; page < 30; page++) {
                    Pattern.store(owned, page, 30 * MIB);
                }
            });
        }
    }

    @Test
    void aCleanRestartIsWarm() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, ODD, true);
                CachedFile owned = store.open(OWNED, -1, false)) {
            Pattern.storeAll(file, ODD);
            Pattern.storeAll(owned, ODD);
            owned.seal(ODD);
        }
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.find(VERSION);
                CachedFile owned = store.find(OWNED)) {
            assertNotNull(file);
            assertNotNull(owned);
            assertEquals(ODD, owned.lengthBytes());
            assertTrue(owned.fullyCached());
            assertEquals(List.of(OWNED), store.unpersistedVersions());
            for (int page = 0; page < 4; page++) {
                assertTrue(Pattern.isRight(file, page, ODD));
                assertTrue(Pattern.isRight(owned, page, ODD));
            }
            assertEquals(0, fixture.count("verified_pages_total"));
        }
    }

    @Test
    void persistedContentServesItsNewVersion() throws TarnException {
        FileVersion persisted = FileVersion.mirrored(1, "out", "etag");
        try (TieredPageStore store = fixture.openMem(32);
                CachedFile owned = store.open(OWNED, -1, false);
                CachedFile known = store.open(persisted, ODD, true)) {
            Pattern.store(known, 0, ODD);
            Pattern.storeAll(owned, ODD);
            owned.seal(ODD);
            owned.becomePersisted(persisted, 7);
            assertTrue(Pattern.isRight(owned, 2, ODD));
            assertNull(store.find(OWNED));
            assertTrue(store.unpersistedVersions().isEmpty());
        }
        try (TieredPageStore store = fixture.openMem(32);
                CachedFile file = store.find(persisted)) {
            assertNotNull(file);
            assertTrue(file.fullyCached());
            assertEquals(Pattern.page(OWNED, 3, 4321), Pattern.read(file, 3));
            try (CachedFile filler = store.open(FileVersion.owned(8, 1), 30 * MIB, false)) {
                assertTrue(Pattern.storeAll(filler, 30 * MIB));
            }
            assertFalse(file.fullyCached());
        }
    }

    private static void assertCode(ErrorCode code, Executable action) {
        assertEquals(code, assertThrows(TarnException.class, action).code());
    }
}
