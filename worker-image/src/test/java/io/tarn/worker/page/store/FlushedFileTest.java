package io.tarn.worker.page.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that are being written: what was flushed of them outlasts the process. */
class FlushedFileTest {
    private static final int PAGE = PageStore.PAGE_BYTES;
    private static final FileVersion VERSION = FileVersion.owned(77, 1);

    private StoreFixture fixture;

    @BeforeEach
    void makeDirectories() throws IOException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    private static ByteBuffer bytes(int page, int length) {
        byte[] bytes = new byte[PAGE];
        new Random(page).nextBytes(bytes);
        return ByteBuffer.wrap(bytes, 0, length);
    }

    private static void storeLast(CachedFile file, int page, int length) throws IOException {
        ByteBuffer bytes = bytes(page, length);
        file.storeLast(page, bytes, PageChecksum.of(bytes));
    }

    private static void assertPage(CachedFile file, int page, int length) throws IOException {
        try (PageLease lease = file.lease(page)) {
            assertNotNull(lease);
            assertEquals(length, lease.length());
            ByteBuffer read = ByteBuffer.allocate(length);
            lease.read(0, read);
            assertEquals(bytes(page, length), read.flip());
            assertEquals(PageChecksum.of(read), lease.crc32c());
        }
    }

    @Test
    void theLastPageGrowsAndAnUncleanRestartSealsAtTheFlush() throws IOException {
        // The store is not closed: as if the process had been killed.
        TieredPageStore killed = fixture.openIdle(64, 64);
        CachedFile file = killed.open(VERSION, -1, false);
        for (int length : new int[] {1, 5000, 300_000, PAGE}) {
            storeLast(file, 0, length);
            file.flushed(length);
        }
        storeLast(file, 1, 4096);
        file.flushed(PAGE + 4096);
        storeLast(file, 1, PAGE);
        storeLast(file, 2, 100);
        FileVersion never = FileVersion.owned(78, 1);
        storeLast(killed.open(never, -1, false), 0, 100);
        unlock(fixture);

        try (TieredPageStore store = fixture.openIdle(64, 64);
                CachedFile found = store.find(VERSION);
                CachedFile unflushed = store.find(never)) {
            assertNotNull(found);
            assertNotNull(unflushed);
            assertEquals(2, store.unpersistedVersions().size());
            assertEquals(0, unflushed.sealFlushed());
            assertEquals(PAGE + 4096, found.sealFlushed());
            assertEquals(PAGE + 4096, found.sealFlushed());
            assertPage(found, 0, PAGE);
            assertPage(found, 1, 4096);
            assertNull(found.lease(2));
            assertTrue(found.fullyCached());
        }
    }

    /** What a killed process leaves: its directories are free, and not marked as cleanly stopped. */
    private static void unlock(StoreFixture fixture) throws IOException {
        for (Path directory : new Path[] {fixture.mem, fixture.ssd}) {
            Path copy = Files.createTempDirectory(directory.getParent(), "copy");
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path from : files.toList()) {
                    Path to = copy.resolve(directory.relativize(from).toString());
                    if (Files.isDirectory(from)) {
                        Files.createDirectories(to);
                    } else {
                        Files.copy(from, to);
                    }
                }
            }
            StoreFixture.delete(directory);
            Files.move(copy, directory);
        }
    }

    @Test
    void aDamagedPageEndsTheFileBeforeIt() throws IOException {
        TieredPageStore killed = fixture.openIdle(64, 64);
        CachedFile file = killed.open(VERSION, -1, false);
        for (int page = 0; page < 3; page++) {
            storeLast(file, page, PAGE);
        }
        file.flushed(3 * PAGE);
        unlock(fixture);
        try (Stream<Path> files = Files.walk(fixture.mem)) {
            Path data = files.filter(path -> path.toString().endsWith(".data"))
                    .findFirst()
                    .orElseThrow();
            try (var channel = java.nio.channels.FileChannel.open(data, java.nio.file.StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}), PAGE + 17);
            }
        }
        try (TieredPageStore store = fixture.openIdle(64, 64);
                CachedFile found = store.find(VERSION)) {
            assertNotNull(found);
            assertEquals(PAGE, found.sealFlushed());
            assertPage(found, 0, PAGE);
        }
    }

    @Test
    void whatIsToBeDurableLeavesMemoryAndStaysOnDiskUntilTheUnderStoreHasIt() throws IOException {
        try (TieredPageStore store = fixture.openIdle(64, 64);
                CachedFile file = store.open(VERSION, -1, false)) {
            storeLast(file, 0, PAGE);
            storeLast(file, 1, 10);
            assertEquals(Map.of("MEM", PAGE + 10L), file.residency());
            file.makeDurable();
            assertEquals(Map.of("SSD", PAGE + 10L), file.residency());
            storeLast(file, 1, PAGE);
            storeLast(file, 2, 10);
            file.flushed(2 * PAGE + 10);
            file.force();
            file.seal(2 * PAGE + 10);
            touch(store, file);
            assertEquals(Map.of("SSD", 2 * PAGE + 10L), file.residency());
        }
        try (TieredPageStore store = fixture.openIdle(64, 64);
                CachedFile file = store.find(VERSION)) {
            assertNotNull(file);
            touch(store, file);
            assertEquals(Map.of("SSD", 2 * PAGE + 10L), file.residency(), "also after a restart");
            FileVersion persisted = FileVersion.mirrored(1, "path", "tag");
            file.becomePersisted(persisted, 7);
            store.heatOf(persisted).forEach(heat -> heat.touched(100L * PAGE));
            file.wantPromotion();
            store.mover().round();
            assertEquals(Map.of("MEM", 2 * PAGE + 10L), file.residency());
        }
    }

    private static void touch(TieredPageStore store, CachedFile file) {
        store.heatOf(VERSION).forEach(heat -> heat.touched(100L * PAGE));
        file.wantPromotion();
        store.mover().round();
    }
}
