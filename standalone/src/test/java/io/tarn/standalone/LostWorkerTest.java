package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClusterInfo;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master and three workers, each of which is lost with all that it has, while clients write. */
@Timeout(180)
class LostWorkerTest {
    private static final int WORKERS = 3;
    private static final int WRITERS = 4;
    private static final int MAX_BYTES = 3 << 20;
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @TempDir
    Path directory;

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private SmallCluster cluster;
    private TarnClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new SmallCluster(directory, WORKERS);
        client = cluster.client();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void everyAcknowledgedByteSurvivesTheLossOfAnyOneWorker() throws Exception {
        Path store = Files.createDirectory(directory.resolve("store"));
        client.mount("/lake", store.toUri().toString(), MountSettings.DEFAULT);
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writing.add(threads.submit(() -> {
                    write(writer, enough);
                    return true;
                }));
            }
            try {
                for (int lost = 0; lost < WORKERS; lost++) {
                    int before = acknowledged.size();
                    awaitMore(before, writing);
                    cluster.lose(lost);
                    awaitMore(acknowledged.size(), writing);
                    requireAll();
                    awaitHealed();
                    cluster.addWorker(lost);
                }
            } finally {
                enough.set(true);
            }
            for (Future<?> each : writing) {
                each.get();
            }
        }
        requireAll();
        awaitHealed();
        assertTrue(cluster.meters().counter("tarn.master.healing.done").count() > 0);
    }

    @Test
    void aWorkerThatIsLetGoLeavesNothingBehind() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                write(0, enough);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        await(() -> acknowledged.size() > 40);
        Worker leaving = Objects.requireNonNull(cluster.workers().get(0));
        String address = client.decommission(Long.toHexString(leaving.address().getWorkerId()), false);
        await(() -> state(address).drained());
        assertTrue(state(address).leaving() && state(address).alive());
        cluster.lose(0);
        requireAll();
        enough.set(true);
        writer.join();
        requireAll();
        awaitHealed();
        assertThrows(TarnException.class, () -> client.decommission("nowhere:1", false));
    }

    private ClusterInfo.Worker state(String address) throws TarnException {
        return client.clusterInfo().workers().stream()
                .filter(worker -> address.equals(worker.host() + ":" + worker.dataPort()))
                .findFirst()
                .orElseThrow();
    }

    private void awaitMore(int before, List<Future<?>> writing) throws Exception {
        await(() -> acknowledged.size() > before + 20);
        for (Future<?> each : writing) {
            assertTrue(!each.isDone(), "a writer has ended");
        }
    }

    /** Until it is enough; a write that fails was not acknowledged. */
    private void write(int writer, AtomicBoolean enough) throws IOException {
        Random random = new Random(writer);
        for (int file = 0; !enough.get(); file++) {
            boolean later = random.nextInt(3) == 0;
            String path = (later ? "/lake/" : "/") + "file-" + writer + "-" + file;
            long seed = random.nextLong();
            CreateOptions options =
                    CreateOptions.DEFAULT.withWriteType(later ? WriteType.ASYNC_THROUGH : WriteType.MUST_CACHE);
            byte[] content = content(seed);
            try (FileWriter writing = client.create(path, options)) {
                int half = content.length / 2;
                writing.write(ByteBuffer.wrap(content, 0, half));
                if (random.nextInt(4) == 0) {
                    writing.flush(false);
                }
                writing.write(ByteBuffer.wrap(content, half, content.length - half));
            } catch (IOException e) {
                continue;
            }
            acknowledged.put(path, seed);
        }
    }

    private static byte[] content(long seed) {
        Random random = new Random(seed);
        byte[] content = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? MAX_BYTES : 50_000)];
        random.nextBytes(content);
        return content;
    }

    private void requireAll() throws IOException {
        for (Map.Entry<String, Long> each : new HashMap<>(acknowledged).entrySet()) {
            byte[] wanted = content(each.getValue());
            ByteBuffer found = ByteBuffer.allocate(wanted.length);
            try (FileReader reader = client.open(each.getKey(), OpenOptions.DEFAULT)) {
                assertEquals(wanted.length, reader.info().lengthBytes(), each.getKey());
                while (found.hasRemaining()) {
                    assertTrue(reader.read(found.position(), found) > 0);
                }
            }
            assertEquals(ByteBuffer.wrap(wanted), found.flip(), each.getKey());
        }
    }

    /** Versions that only the cache holds, and only one worker of it. */
    private Set<FileVersion> alone() {
        Set<FileVersion> once = new HashSet<>();
        Set<FileVersion> oftener = new HashSet<>();
        for (Worker worker : cluster.workers().values()) {
            for (FileVersion version : worker.pages().unpersistedVersions()) {
                if (!once.add(version)) {
                    oftener.add(version);
                }
            }
        }
        once.removeAll(oftener);
        return once;
    }

    /** Until what is alone now is not any more. */
    private void awaitHealed() throws Exception {
        Set<FileVersion> alone = alone();
        await(
                () -> {
                    alone.retainAll(alone());
                    return alone.isEmpty();
                },
                () -> describe(alone));
    }

    private String describe(Set<FileVersion> versions) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<Integer, Worker> worker : cluster.workers().entrySet()) {
            for (FileVersion version : worker.getValue().pages().unpersistedVersions()) {
                if (versions.contains(version)) {
                    found.add(version + " on worker " + worker.getKey());
                }
            }
        }
        return "alone are " + found + "; healing: lacking "
                + cluster.meters().get("tarn.master.healing.lacking").gauge().value() + ", under way "
                + cluster.meters().get("tarn.master.healing.under.way").gauge().value();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        await(condition, () -> "waited in vain");
    }

    private static void await(Callable<Boolean> condition, Supplier<String> failure) throws Exception {
        long end = System.nanoTime() + WAIT_NANOS;
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, () -> failure.get());
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
