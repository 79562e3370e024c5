package io.tarn.standalone.crash;

import io.tarn.client.TarnClient;
import io.tarn.standalone.StandaloneProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs {@code tarn standalone} under a mixed load, kills it at random moments, starts it again, and compares everything with what was acknowledged. For one
 * thread, once.
 */
final class CrashRun {
    /** Where no store is mounted. */
    static final String UNMOUNTED = "/own/";

    /** Short, so that files of writers that are gone are sealed soon: each check waits for that. */
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static final List<String> SHORT_LIVED = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final List<String> PERSIST_DELAYS = List.of("0s", "100ms", "1s");
    private static final int LONGEST_IDLE_MILLIS = 400;
    private static final long JOIN_SECONDS = 60;

    private final CrashSettings settings;
    private final Consumer<String> progress;
    private final Random random;
    private final List<LoadClient> clients = new ArrayList<>();
    private volatile boolean killed;
    private int starts;

    CrashRun(CrashSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.random = new Random(settings.seed());
        for (int i = 0; i < settings.clients(); i++) {
            String name = "client-" + i;
            List<String> roots =
                    List.of(Stores.BUCKET_MOUNT + "/" + name, Stores.DIRECTORY_MOUNT + "/" + name, UNMOUNTED + name);
            clients.add(new LoadClient(name, roots, i % 2 == 0, LEASE, new Random(random.nextLong())));
        }
    }

    /**
     * The first process mounts the stores, and ends in peace, under load too; the others are killed.
     *
     * @throws AssertionError with the seed, what is wrong, and what the clients had done, where something is not as it has to be
     */
    void run() throws Exception {
        StandaloneProcess process = null;
        int kills = 0;
        int checked = 0;
        try (Stores stores = new Stores(settings.directory());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StartCache cache =
                    new StartCache(Files.createDirectories(settings.directory().resolve("classes")));
            process = start(cache.leave());
            try (TarnClient client = process.connect()) {
                stores.mount(client);
                for (LoadClient each : clients) {
                    each.prepare(client);
                }
            }
            check(process, threads);
            load(process, threads, StandaloneProcess::stop);
            process = start(cache.use());
            check(process, threads);
            while (kills < settings.kills()) {
                load(process, threads, StandaloneProcess::kill);
                kills++;
                if (random.nextInt(8) == 0) {
                    process = start(cache.use());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_IDLE_MILLIS)));
                    process.kill();
                    kills++;
                }
                process = start(cache.use());
                check(process, threads);
                if (kills >= settings.kills() || kills - checked >= settings.killsPerStoreCheck()) {
                    checkStores(process, stores);
                    checked = kills;
                }
                progress.accept(kills + " kills, "
                        + clients.stream().mapToLong(LoadClient::done).sum() + " operations");
            }
        } catch (AssertionError | Exception e) {
            StringBuilder text = new StringBuilder(
                    "seed " + settings.seed() + ", after " + kills + " kills, start " + starts + ": " + e.getMessage());
            clients.forEach(client -> text.append('\n').append(client.history()));
            throw new AssertionError(text.toString(), e);
        } finally {
            if (process != null) {
                process.close();
            }
        }
    }

    private StandaloneProcess start(List<String> classes) throws IOException {
        starts++;
        String delay = PERSIST_DELAYS.get(random.nextInt(PERSIST_DELAYS.size()));
        List<String> options = new ArrayList<>(SHORT_LIVED);
        options.addAll(classes);
        Path log = Files.createDirectories(settings.directory().resolve("logs")).resolve("start-" + starts + ".log");
        return StandaloneProcess.start(
                settings.directory().resolve("data"),
                settings.memory(),
                options,
                Map.of("TARN_MASTER_LEASE", LEASE.toMillis() + "ms", "TARN_MASTER_PERSIST_DELAY", delay),
                line -> append(log, line));
    }

    private static void append(Path log, String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a process comes to its end. */
    private interface End {
        void of(StandaloneProcess process) throws InterruptedException;
    }

    /** All clients work until the process is killed or stopped, or the lease of one of them has lapsed, which ends the load early. */
    private void load(StandaloneProcess process, ExecutorService threads, End end) throws Exception {
        killed = false;
        List<TarnClient> connections = new ArrayList<>();
        ExecutorCompletionService<Boolean> working = new ExecutorCompletionService<>(threads);
        for (LoadClient each : clients) {
            TarnClient connection = process.connect();
            connections.add(connection);
            working.submit(() -> each.work(connection, () -> killed), true);
        }
        Future<Boolean> failed = working.poll(1 + random.nextInt(settings.loadMillis()), TimeUnit.MILLISECONDS);
        killed = true;
        end.of(process);
        connections.forEach(TarnClient::close);
        int ended = 0;
        if (failed != null) {
            get(failed);
            ended++;
        }
        for (; ended < clients.size(); ended++) {
            Future<Boolean> next = working.poll(JOIN_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                threads.shutdownNow(); // else the end of the run would wait for it
                throw new AssertionError("a client hangs in a call after its process has ended");
            }
            get(next);
        }
    }

    private void check(StandaloneProcess process, ExecutorService threads) throws Exception {
        try (TarnClient connection = process.connect()) {
            List<Future<?>> checks = new ArrayList<>();
            for (LoadClient each : clients) {
                checks.add(threads.submit(() -> {
                    new NamespaceCheck(connection, each).run();
                    return true;
                }));
            }
            for (Future<?> check : checks) {
                get(check);
            }
        }
    }

    private void checkStores(StandaloneProcess process, Stores stores) throws Exception {
        try (TarnClient connection = process.connect()) {
            stores.check(connection, clients.stream().map(LoadClient::tree).toList());
            ServerCheck.run("http://" + process.httpAddress());
        }
    }

    private static void get(Future<?> future) throws Exception {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
