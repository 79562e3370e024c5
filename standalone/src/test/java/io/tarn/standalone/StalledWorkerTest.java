package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Counts;
import io.tarn.testing.s3.S3Settings;
import io.tarn.testing.understore.StoreProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose process is stopped while it is read from; and a store that is slow, so that every worker seems to be. */
@Timeout(120)
class StalledWorkerTest {
    private static final String HOST = "127.0.0.2";
    private static final int READ_BYTES = 100_000;
    private static final int READS = 400;
    private static final Duration HEDGE_AFTER = Duration.ofMillis(100);
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final byte[] content = StoreProbe.bytes((12 << 20) + 345, 8);
    private final Random random = new Random(5);

    @TempDir
    Path directory;

    @Test
    void readsGoOnFromAnotherHolder() throws Exception {
        try (MemoryDirectory memory = MemoryDirectory.make();
                SmallCluster cluster = new SmallCluster(directory, 2);
                WorkerProcess worker = WorkerProcess.start(
                        directory.resolve("stalled"),
                        memory.path().resolve("stalled"),
                        HOST,
                        cluster.master().port());
                TarnClient client = connect(cluster, HEDGE_AFTER)) {
            await(() -> isUp(client));
            try (FileReader reader = client.open(fileOf(client), OpenOptions.DEFAULT)) {
                read(reader);
                worker.stop();
                long start = System.nanoTime();
                int slow = readMany(reader);
                long pauses = 1 + (System.nanoTime() - start) / (20 * HEDGE_AFTER.toNanos());
                assertTrue(client.figures().hedgesWon() > 0, client.figures().toString());
                assertTrue(slow <= 2 * pauses, slow + " of " + READS + " reads waited for the worker");
                worker.resume();
                await(() -> isUp(client));
                readMany(reader);
            }
        }
    }

    private static boolean isUp(TarnClient client) throws IOException {
        return client.clusterInfo().workers().stream()
                .anyMatch(each -> each.alive() && each.host().equals(HOST));
    }

    private static TarnClient connect(SmallCluster cluster, Duration hedgeAfter) {
        return TarnClient.connect(
                ClientOptions.of("localhost:" + cluster.master().port())
                        .withLocalAccess(false, false)
                        .withHedgeAfter(hedgeAfter));
    }

    /** A file on two workers, of which the one that will be stopped is the first to be asked. */
    private String fileOf(TarnClient client) throws IOException {
        for (int number = 0; ; number++) {
            String path = "/file-" + number;
            write(client, path, WriteType.MUST_CACHE);
            try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
                List<String> hosts = reader.locations(0, 1).getFirst().hosts();
                if (hosts.size() == 2 && hosts.getFirst().equals(HOST)) {
                    return path;
                }
            }
        }
    }

    private void write(TarnClient client, String path, WriteType type) throws IOException {
        try (FileWriter writer = client.create(path, CreateOptions.DEFAULT.withWriteType(type))) {
            writer.write(ByteBuffer.wrap(content));
        }
    }

    /** @return how many waited so long as to be hedged */
    private int readMany(FileReader reader) throws IOException {
        int slow = 0;
        for (int i = 0; i < READS; i++) {
            long start = System.nanoTime();
            read(reader);
            slow += System.nanoTime() - start >= HEDGE_AFTER.toNanos() ? 1 : 0;
        }
        return slow;
    }

    private void read(FileReader reader) throws IOException {
        int position = random.nextInt(content.length - READ_BYTES);
        ByteBuffer into = ByteBuffer.allocateDirect(READ_BYTES);
        assertEquals(READ_BYTES, reader.read(position, into));
        assertEquals(ByteBuffer.wrap(content, position, READ_BYTES), into.flip());
    }

    @Test
    void aSlowStoreIsNotAskedTwice() throws Exception {
        try (EmbeddedS3 s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
                SmallCluster cluster = new SmallCluster(directory, 3);
                TarnClient client = connect(cluster, Duration.ofMillis(20))) {
            s3.createBucket("lake");
            client.mount("/lake", "s3://lake", S3Mounts.of(s3));
            write(client, "/lake/file", WriteType.THROUGH);
            s3.shape(300, 0);
            S3Counts before = s3.counters().snapshot();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> reading = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    reading.add(threads.submit(() -> readWhole(client)));
                }
                for (Future<?> each : reading) {
                    each.get();
                }
            }
            assertEquals(content.length, s3.counters().snapshot().since(before).objectBytesOut());
            assertTrue(client.figures().hedges() > 0, client.figures().toString());
        }
    }

    private boolean readWhole(TarnClient client) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(content.length);
        try (FileReader reader = client.open("/lake/file", OpenOptions.DEFAULT)) {
            while (all.hasRemaining()) {
                int step = Math.min(READ_BYTES, all.remaining());
                assertEquals(step, reader.read(all.position(), all.slice(all.position(), step)));
                all.position(all.position() + step);
            }
        }
        assertEquals(ByteBuffer.wrap(content), all.flip());
        return true;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + WAIT_NANOS;
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
