package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import io.tarn.master.Master;
import io.tarn.master.MasterSettings;
import io.tarn.master.checkpoint.FileTree;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.understore.UnderStores;
import io.tarn.worker.Worker;
import io.tarn.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A master with its own journal, and several workers, in this process; everything that waits for a worker to be missed waits for about a second. Not thread-safe. */
final class SmallCluster implements AutoCloseable {
    private final Path directory;
    private final MemoryDirectory memory = MemoryDirectory.make();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<Integer, Worker> workers = new HashMap<>();
    private final Master master;
    private final TarnClient client;

    SmallCluster(Path directory, int workerCount) throws Exception {
        this.directory = directory;
        MasterSettings settings = ConfigLoader.ofDefaults()
                .withOverrides(Map.of(
                        "master.directory", directory.resolve("master").toString(),
                        "master.bind-host", "127.0.0.1",
                        "master.port", "0",
                        "master.worker-heartbeat", "100ms",
                        "master.worker-timeout", "1s",
                        "master.healing-delay", "1500ms",
                        "master.lease", "20s"))
                .load(MasterSettings.class);
        master = Master.start(
                settings.master(), UnderStores.load(), meters, InstantSource.system(), (what, cause) -> {});
        client = TarnClient.connect(ClientOptions.of("localhost:" + master.port())
                .withDeadline(Duration.ofSeconds(20))
                .withLocalAccess(false, false));
        for (int i = 0; i < workerCount; i++) {
            addWorker(i);
        }
    }

    TarnClient client() {
        return client;
    }

    Master master() {
        return master;
    }

    /** Of the master. */
    SimpleMeterRegistry meters() {
        return meters;
    }

    /** Those that run, by number. */
    Map<Integer, Worker> workers() {
        return workers;
    }

    /** Starts one, with what it had where it was not lost. */
    void addWorker(int number) throws Exception {
        addWorker(number, Map.of());
    }

    /** @param more settings, by key */
    void addWorker(int number, Map<String, String> more) throws Exception {
        Map<String, String> all = new HashMap<>(more);
        all.putAll(Map.of(
                "worker.directory", directory.resolve("worker-" + number).toString(),
                "worker.host", "localhost",
                "worker.bind-host", "127.0.0.1",
                "worker.data-port", "0",
                "worker.masters", "localhost:" + master.port(),
                "worker.socket-path", "",
                "worker.tiers.mem.paths",
                        memory.path().resolve("worker-" + number).toString(),
                "worker.tiers.mem.capacity", "1GiB",
                "worker.tiers.ssd.paths", ""));
        WorkerSettings settings = ConfigLoader.ofDefaults().withOverrides(all).load(WorkerSettings.class);
        Worker worker =
                Worker.start(settings.worker(), UnderStores.load(), new SimpleMeterRegistry(), InstantSource.system());
        workers.put(number, worker);
        assertTrue(worker.awaitRegistered(Duration.ofSeconds(30)));
    }

    /** One ends with all that it has. */
    void lose(int number) throws IOException {
        Objects.requireNonNull(workers.remove(number)).close();
        FileTree.delete(memory.path().resolve("worker-" + number));
        FileTree.delete(directory.resolve("worker-" + number));
    }

    @Override
    public void close() {
        client.close();
        workers.values().forEach(Worker::close);
        master.close();
        memory.close();
    }
}
