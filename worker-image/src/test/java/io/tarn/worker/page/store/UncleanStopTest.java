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
import io.tarn.worker.page.index.IndexFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a process that stopped without closing leaves behind, and what damage does to it. */
final class UncleanStopTest {
    private static final FileVersion VERSION = Pattern.version(1);
    private static final FileVersion OWNED = FileVersion.owned(7, 1);
    private static final long LENGTH = 3 * MIB + 4321;

    private StoreFixture fixture;

    @BeforeEach
    void makeDirectories() throws IOException {
        fixture = new StoreFixture();
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true);
                CachedFile owned = store.open(OWNED, -1, false)) {
            Pattern.storeAll(file, LENGTH);
            Pattern.storeAll(owned, LENGTH);
            owned.seal(LENGTH);
        }
        Files.delete(fixture.mem.resolve("clean"));
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    @Test
    void everyPageIsCheckedOnceBeforeItsFirstUse() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            assertTrue(file.fullyCached());
            assertNull(file.leaseNow(0));
            for (int pass = 0; pass < 2; pass++) {
                for (int page = 0; page < 4; page++) {
                    assertTrue(Pattern.isRight(file, page, LENGTH));
                }
            }
            assertEquals(4, fixture.count("verified_pages_total"));
        }
    }

    @Test
    void aFlippedByteOfDataCostsItsPageOnly() throws IOException {
        flip(data(VERSION), 2 * MIB + 77);
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            assertNull(file.lease(2));
            assertEquals(1, fixture.count("corrupt_pages_total"));
            assertFalse(file.hasPage(2));
            assertTrue(Pattern.isRight(file, 1, LENGTH));
            assertTrue(Pattern.store(file, 2, LENGTH));
            assertTrue(Pattern.isRight(file, 2, LENGTH));
        }
    }

    @Test
    void aFlippedByteOfWhatExistsNowhereElseIsReported() throws IOException {
        flip(data(OWNED), 77);
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(OWNED, LENGTH, false)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertEquals(
                        ErrorCode.CORRUPT,
                        assertThrows(TarnException.class, () -> file.lease(0)).code());
            }
            assertTrue(Pattern.isRight(file, 1, LENGTH));
        }
    }

    @Test
    void everyFlippedBitOfAnEntryCostsItsPageOnly() throws IOException {
        int found = 0;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            flipBit(index(VERSION), IndexFormat.entryOffset(1) + bit / 8, bit % 8);
            try (TieredPageStore store = fixture.openMem(64);
                    CachedFile file = store.open(VERSION, LENGTH, true)) {
                found += file.hasPage(1) ? 0 : 1;
                assertTrue(Pattern.isRight(file, 0, LENGTH));
                assertTrue(Pattern.store(file, 1, LENGTH));
            }
        }
        assertEquals(Long.SIZE, found);
        assertEquals(Long.SIZE, fixture.count("corrupt_pages_total"));
    }

    @Test
    void aDamagedEntryOfWhatExistsNowhereElseIsReported() throws IOException {
        flip(index(OWNED), IndexFormat.entryOffset(3) + 1);
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(OWNED, LENGTH, false)) {
            assertEquals(
                    ErrorCode.CORRUPT,
                    assertThrows(TarnException.class, () -> file.lease(3)).code());
            assertTrue(Pattern.isRight(file, 2, LENGTH));
        }
    }

    @Test
    void eitherCopyOfTheHeaderIsEnough() throws IOException {
        flip(index(OWNED), 30);
        assertOwnedIsWhole();
        flip(index(OWNED), 30);
        flip(index(OWNED), IndexFormat.SECOND_HEADER_OFFSET + 30);
        assertOwnedIsWhole();
    }

    @Test
    void truncatedAndForeignFilesDoNotStopTheStart() throws IOException {
        try (FileChannel data = FileChannel.open(data(VERSION), StandardOpenOption.WRITE)) {
            data.truncate(MIB + 5);
        }
        Files.write(index(VERSION).resolveSibling("nonsense.index"), new byte[] {1, 2, 3});
        Files.write(index(VERSION).resolveSibling("orphan.data"), new byte[] {1, 2, 3});
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            assertTrue(Pattern.isRight(file, 0, LENGTH));
            assertNull(file.lease(1));
            assertNull(file.lease(3));
        }
        assertFalse(Files.exists(index(VERSION).resolveSibling("orphan.data")));
    }

    @Test
    void interruptedRenamesAreFinished() throws IOException {
        FileVersion persisted = FileVersion.mirrored(1, "out", "etag");
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile owned = store.open(OWNED, LENGTH, false)) {
            owned.becomePersisted(persisted, 7);
        }
        Files.createDirectories(index(OWNED).getParent());
        Files.move(index(persisted), index(OWNED));
        assertPersisted(persisted);
        Files.move(index(persisted), index(OWNED));
        Files.move(data(persisted), data(OWNED));
        assertPersisted(persisted);
    }

    private void assertPersisted(FileVersion persisted) throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.find(persisted)) {
            assertNotNull(file);
            assertTrue(file.fullyCached());
            assertEquals(Pattern.page(OWNED, 0, (int) MIB), Pattern.read(file, 0));
            assertTrue(store.unpersistedVersions().isEmpty());
        }
    }

    private void assertOwnedIsWhole() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.find(OWNED)) {
            assertNotNull(file);
            assertTrue(file.fullyCached());
        }
    }

    private Path data(FileVersion version) {
        return SegmentPaths.of(fixture.mem, version, 0).data();
    }

    private Path index(FileVersion version) {
        return SegmentPaths.of(fixture.mem, version, 0).index();
    }

    private static void flip(Path path, long offset) throws IOException {
        flipBit(path, offset, 3);
    }

    private static void flipBit(Path path, long offset, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 1 << bit));
            channel.write(one.flip(), offset);
        }
    }
}
