package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClusterInfo;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.TarnException;
import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pins as their user sees them: what is pinned is read from the cache whatever else is read, over restarts, until it is unpinned, replaced or deleted. */
@Timeout(180)
class PinTest {
    private static final int MIB = 1 << 20;
    private static final int HOT = 6 * MIB;
    private static final int SCANNED_FILES = 24;
    private static final int SCANNED = 4 * MIB;

    @TempDir
    Path directory;

    private Path store;

    @BeforeEach
    void fillStore() throws IOException {
        store = directory.resolve("store");
        Files.createDirectories(store.resolve("hot/deep"));
        Files.createDirectories(store.resolve("scan"));
        write(store.resolve("hot/deep/file"), HOT, 1);
        write(store.resolve("unread"), HOT, 2);
        write(store.resolve("small"), 24 * MIB / 10, 3);
        for (int i = 0; i < SCANNED_FILES; i++) {
            write(store.resolve("scan/" + i), SCANNED, i);
        }
    }

    private static void write(Path file, int length, int seed) throws IOException {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        Files.write(file, content);
    }

    private RunningCache start() throws IOException {
        RunningCache cache = new RunningCache(
                directory.resolve("data"),
                Map.of(
                        "worker.tiers.mem.capacity", "24MiB",
                        "worker.tiers.ssd.paths", "",
                        "worker.pin-review", "20ms"));
        cache.client().mount("/lake", "file://" + store, MountSettings.DEFAULT);
        return cache;
    }

    private static void read(RunningCache cache, String path) throws TarnException {
        try (FileReader reader = cache.client().open(path, OpenOptions.DEFAULT)) {
            ByteBuffer buffer = ByteBuffer.allocate(MIB);
            for (long at = 0; reader.read(at, buffer.clear()) > 0; at += buffer.position()) {
                assertTrue(buffer.position() > 0);
            }
        }
    }

    /** Four times the cache, twice: what stays after this was kept on purpose. */
    private static void scan(RunningCache cache) throws TarnException {
        for (int i = 0; i < 2 * SCANNED_FILES; i++) {
            read(cache, "/lake/scan/" + i % SCANNED_FILES);
        }
    }

    private static long fetchedBy(RunningCache cache, String path) throws IOException {
        long before = cache.underStoreReadBytes();
        read(cache, path);
        return cache.underStoreReadBytes() - before;
    }

    private static long pinnedBytes(RunningCache cache) throws TarnException {
        return cache.client().clusterInfo().workers().stream()
                .flatMap(worker -> worker.tiers().stream())
                .mapToLong(ClusterInfo.Tier::pinnedBytes)
                .sum();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain for: " + what);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static Run succeed(RunningCache cache, String... command) {
        Run run = cache.tarn(command);
        assertEquals(0, run.status(), run::err);
        return run;
    }

    @Test
    void whatIsPinnedStaysUntilItIsUnpinned() throws Exception {
        try (RunningCache cache = start()) {
            read(cache, "/lake/hot/deep/file");
            Run pinned = succeed(cache, "pin", "/lake/hot");
            assertTrue(pinned.out().contains("6.0 MiB of 1 files are cached and pinned"), pinned::out);
            succeed(cache, "pin", "--load", "/lake/unread");
            scan(cache);
            assertEquals(0, fetchedBy(cache, "/lake/hot/deep/file"));
            await("the worker's figures", () -> pinnedBytes(cache) > 2 * HOT);
            Run info = succeed(cache, "info", "--output", "json");
            assertTrue(info.out().contains("\"pinnedBytes\":" + pinnedBytes(cache)), info::out);

            cache.restart();
            scan(cache);
            assertEquals(0, fetchedBy(cache, "/lake/hot/deep/file"), "over a restart");

            succeed(cache, "unpin", "/lake/hot", "/lake/unread");
            await("the worker's figures", () -> pinnedBytes(cache) == 0);
            scan(cache);
            assertEquals(HOT, fetchedBy(cache, "/lake/unread"), "like everything that is not used");
        }
    }

    @Test
    void aLoadGoesWithAPinAndNewFilesBelowItArePinned() throws Exception {
        try (RunningCache cache = start()) {
            Run pinned = succeed(cache, "pin", "--load", "/lake/hot");
            assertTrue(pinned.out().contains("6.0 MiB of 1 files are cached and pinned"), pinned::out);
            try (FileWriter writer = cache.client()
                    .create("/lake/hot/written", CreateOptions.DEFAULT.withWriteType(WriteType.ASYNC_THROUGH))) {
                writer.write(ByteBuffer.allocate(3 * MIB));
            }
            cache.client().persistAndWait("/lake/hot", true, Duration.ofSeconds(60), progress -> {});
            scan(cache);
            assertEquals(0, fetchedBy(cache, "/lake/hot/deep/file"));
            assertEquals(0, fetchedBy(cache, "/lake/hot/written"), "now a file of the store");
        }
    }

    @Test
    void moreThanMayBePinnedIsSaid() throws Exception {
        try (RunningCache cache = start()) {
            Run pinned = succeed(cache, "pin", "--load", "/lake/scan");
            assertTrue(pinned.out().contains("worker.tiers.max-pinned-percent"), pinned::out);
            await("the worker's figures", () -> pinnedBytes(cache) > 0);
            assertTrue(pinnedBytes(cache) <= 24 * MIB * 8 / 10, () -> pinned.out());
            assertTrue(fetchedBy(cache, "/lake/small") > 0);
            assertEquals(0, fetchedBy(cache, "/lake/small"), "there is room for others");
        }
    }

    @Test
    void whatWasReplacedOrDeletedFreesItsPlace() throws Exception {
        try (RunningCache cache = start()) {
            succeed(cache, "pin", "--load", "/lake/hot");
            await("the worker's figures", () -> pinnedBytes(cache) > HOT);
            write(store.resolve("hot/deep/file"), 2 * MIB, 3);
            cache.client().sync("/lake/hot", true);
            await("the old version to be pinned no more", () -> pinnedBytes(cache) == 0);
            read(cache, "/lake/hot/deep/file");
            await("the new one to be pinned", () -> pinnedBytes(cache) > 2 * MIB);
            cache.client().delete("/lake/hot/deep/file", false);
            await("nothing to be pinned", () -> pinnedBytes(cache) == 0);
        }
    }
}
