package io.tarn.standalone.history;

import io.tarn.testing.history.Operation;
import io.tarn.testing.history.Paths;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Load and faults for a time; then all faults end, every path is read, and the histories are checked. For one thread, once. */
final class HistoryRun {
    private static final int CLIENTS = 5;
    private static final Duration READY = Duration.ofSeconds(90);
    private static final int LONGEST_FAULT_MILLIS = 6_000;
    private static final int LONGEST_QUIET_MILLIS = 4_000;

    private final Path directory;
    private final Path memory;
    private final Random random;
    private final Duration length;
    private final Consumer<String> progress;
    private final Paths paths;

    /**
     * @param directory an empty one; logs are there afterwards
     * @param memory for the MEM tiers
     */
    HistoryRun(Path directory, Path memory, long seed, Duration length, Consumer<String> progress) {
        this.directory = directory;
        this.memory = memory;
        this.random = new Random(seed);
        this.length = length;
        this.progress = progress;
        this.paths = new Paths(new Random(random.nextLong()));
    }

    /** @throws AssertionError with a history that cannot be, or what else is wrong */
    void run() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<HistoryClient> clients = new ArrayList<>();
        try (Network network = Network.create();
                RealCluster cluster = new RealCluster(directory, memory, network);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            if (!network.canCut()) {
                progress.accept("SKIPPED: cutting processes off needs the rights of root and the program ip");
            }
            cluster.start();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new HistoryClient(
                        "client-" + i, cluster.masterAddresses(), paths, new Random(random.nextLong())));
            }
            readAll(clients.getFirst(), List.of(paths.begin()));
            List<Future<?>> working = new ArrayList<>();
            for (HistoryClient client : clients) {
                working.add(threads.submit(() -> {
                    client.work(enough::get);
                    return true;
                }));
            }
            try {
                strike(cluster, new Faults(cluster, network, random), working);
            } finally {
                enough.set(true);
            }
            for (Future<?> each : working) {
                each.get();
            }
            for (Member member : cluster.all().toList()) {
                member.requireAlive();
            }
            readAll(clients.getFirst(), paths.all());
            paths.check();
            progress.accept(paths.figures());
        } finally {
            clients.forEach(HistoryClient::close);
        }
    }

    private void strike(RealCluster cluster, Faults faults, List<Future<?>> working) throws Exception {
        long endNanos = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < endNanos) {
            pause(LONGEST_QUIET_MILLIS);
            for (Member member : cluster.all().toList()) {
                member.requireAlive();
            }
            progress.accept(faults.begin());
            pause(LONGEST_FAULT_MILLIS);
            faults.end();
            for (Future<?> each : working) {
                if (each.isDone()) {
                    each.get();
                }
            }
        }
        progress.accept("faults: " + faults.counts());
    }

    private void pause(int longestMillis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(longestMillis)));
    }

    /** Each path once more; what was acknowledged has to be there. */
    private void readAll(HistoryClient client, List<Paths.Path> all) throws IOException {
        long endNanos = System.nanoTime() + READY.toNanos();
        for (Paths.Path path : all) {
            Operation seen = client.read(path.name());
            while (seen == null) {
                if (System.nanoTime() > endNanos) {
                    throw new AssertionError(path.name() + " cannot be read " + READY + " after the last fault");
                }
                seen = client.read(path.name());
            }
            paths.add(path, seen);
        }
    }
}
