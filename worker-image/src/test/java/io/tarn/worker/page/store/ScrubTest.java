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
import io.tarn.runtime.config.DataSize;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageCondition;
import io.tarn.worker.page.index.IndexFormat;
import io.tarn.worker.scrub.ScrubSettings;
import io.tarn.worker.scrub.Scrubber;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes that change in a directory while, or before, a process uses it: found by checks, and never returned after that. */
final class ScrubTest {
    private static final FileVersion VERSION = Pattern.version(1);
    private static final FileVersion OWNED = FileVersion.owned(7, 1);
    private static final long LENGTH = 3 * MIB + 4321;
    private static final ScrubSettings FAST = new ScrubSettings(Duration.ofDays(1), DataSize.parse("64GiB"));

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
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    @Test
    void aCycleFindsWhatChangedUnderARunningWorker() throws IOException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true);
                CachedFile owned = store.open(OWNED, LENGTH, false)) {
            assertTrue(Pattern.isRight(file, 2, LENGTH) && Pattern.isRight(owned, 1, LENGTH));
            flip(data(VERSION), 2 * MIB + 77);
            flip(data(OWNED), MIB + 5);
            try (Scrubber scrubber = Scrubber.start(store, FAST, fixture.registry)) {
                assertNotNull(scrubber);
                await(() -> counted("tarn.worker.scrub.cycles") >= 1);
            }
            assertEquals(2, fixture.count("corrupt_pages_total"));
            assertEquals(1, fixture.count("lost_pages_total"));
            assertEquals(2, counted("tarn.worker.scrub.bad.pages"));
            assertFalse(file.hasPage(2));
            assertTrue(Pattern.store(file, 2, LENGTH));
            assertTrue(Pattern.isRight(file, 2, LENGTH));
            assertCorrupt(owned, 1);
            assertTrue(Pattern.isRight(owned, 0, LENGTH));
        }
    }

    @Test
    void afterAnUncleanStopAllPagesAreCheckedAtOnce() throws IOException {
        Files.delete(fixture.mem.resolve("clean"));
        flip(data(VERSION), 77);
        try (TieredPageStore store = fixture.openMem(64);
                Scrubber scrubber = Scrubber.start(store, FAST, fixture.registry)) {
            assertNotNull(scrubber);
            await(() -> fixture.count("verified_pages_total") == 7 && fixture.count("corrupt_pages_total") == 1);
        }
        assertTrue(Files.exists(fixture.mem.resolve("clean")), "all that is left was checked");
    }

    @Test
    void whatWasFoundIsNotForgottenByACleanRestart() throws IOException {
        flip(data(OWNED), 77);
        for (int start = 0; start < 3; start++) {
            try (TieredPageStore store = fixture.openMem(64);
                    CachedFile owned = store.open(OWNED, LENGTH, false)) {
                assertEquals(PageCondition.LOST, owned.check(0));
                assertCorrupt(owned, 0);
            }
            try (TieredPageStore store = fixture.openMem(64);
                    CachedFile owned = store.open(OWNED, LENGTH, false)) {
                assertCorrupt(owned, 0);
            }
        }
    }

    @Test
    void pagesThatNobodyCheckedStayUncheckedThroughACleanStop() throws IOException {
        Files.delete(fixture.mem.resolve("clean"));
        flip(data(VERSION), MIB + 1);
        fixture.openMem(64).close();
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            assertNull(file.lease(1));
            assertTrue(Pattern.isRight(file, 0, LENGTH));
        }
    }

    @Test
    void aDamagedPageThatIsBeingReadIsLeasedToNobodyElseAndReplacedLater() throws IOException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            PageLease reader = file.lease(1);
            assertNotNull(reader);
            flip(data(VERSION), MIB + 1);
            assertEquals(PageCondition.DROPPED, file.check(1));
            assertFalse(file.hasPage(1));
            assertNull(file.lease(1));
            assertNull(file.leaseNow(1));
            assertFalse(Pattern.store(file, 1, LENGTH), "served uncached while the old one is being read");
            reader.close();
            assertTrue(Pattern.store(file, 1, LENGTH));
            assertTrue(Pattern.isRight(file, 1, LENGTH));
            assertEquals(1, fixture.count("corrupt_pages_total"));
            long usedBytes = store.usage().getFirst().getUsedBytes();
            assertEquals(PageCondition.WHOLE, file.check(1));
            assertEquals(usedBytes, store.usage().getFirst().getUsedBytes());
        }
    }

    @Test
    void bytesThatStandForNothingMayChange() throws IOException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            assertEquals(PageCondition.ABSENT, file.check(4));
        }
        for (long offset = IndexFormat.HEADER_BYTES; offset < IndexFormat.ENTRIES_OFFSET; offset++) {
            boolean header = offset >= IndexFormat.SECOND_HEADER_OFFSET
                    && offset < IndexFormat.SECOND_HEADER_OFFSET + IndexFormat.HEADER_BYTES;
            if (!header) {
                flip(index(VERSION), offset);
            }
        }
        Files.write(data(VERSION), new byte[4096], StandardOpenOption.APPEND);
        Files.delete(fixture.mem.resolve("clean"));
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            for (int page = 0; page < 4; page++) {
                assertTrue(Pattern.isRight(file, page, LENGTH));
            }
            assertEquals(0, fixture.count("corrupt_pages_total"));
        }
    }

    private static void assertCorrupt(CachedFile file, int page) {
        TarnException failure = assertThrows(TarnException.class, () -> file.lease(page));
        assertEquals(ErrorCode.CORRUPT, failure.code());
        assertTrue(String.valueOf(failure.getMessage()).contains("at offset " + page * MIB), failure.getMessage());
    }

    private double counted(String meter) {
        return fixture.registry.get(meter).counter().count();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Path data(FileVersion version) {
        return SegmentPaths.of(fixture.mem, version, 0).data();
    }

    private Path index(FileVersion version) {
        return SegmentPaths.of(fixture.mem, version, 0).index();
    }

    private static void flip(Path path, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 8));
            channel.write(one.flip(), offset);
        }
    }
}
