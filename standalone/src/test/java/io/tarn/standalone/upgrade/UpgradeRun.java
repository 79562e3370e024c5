package io.tarn.standalone.upgrade;

import io.tarn.client.ClientOptions;
import io.tarn.client.ClusterInfo;
import io.tarn.client.MasterState;
import io.tarn.client.TarnClient;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.state.Format;
import io.tarn.protocol.error.TarnException;
import io.tarn.standalone.Onlooker;
import io.tarn.standalone.history.Member;
import io.tarn.standalone.history.Network;
import io.tarn.standalone.history.RealCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A cluster that begins as an older build and is rolled to this one, process by process: first the masters, then the workers, while it is written to and read. For
 * one thread, once.
 */
final class UpgradeRun {
    private static final String PREFIX = "/tarn/default/";
    private static final int LAST = 2;
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    /** Several looks of a leader: it looks once in a lease, of two seconds. */
    private static final long MIXED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path directory;
    private final Path memory;
    private final String old;
    private final String now = System.getProperty("java.class.path");
    private final Consumer<String> progress;

    /**
     * @param directory an empty one; logs are there afterwards
     * @param memory for the MEM tiers
     * @param old the class path of the older build
     */
    UpgradeRun(Path directory, Path memory, String old, Consumer<String> progress) {
        this.directory = directory;
        this.memory = memory;
        this.old = old;
        this.progress = progress;
    }

    /** @throws AssertionError with what is wrong */
    void run() throws Exception {
        try (Network network = Network.create();
                RealCluster cluster = new RealCluster(directory, memory, network)) {
            cluster.masters().forEach(master -> master.setClassPath(old));
            cluster.workers().forEach(worker -> worker.setClassPath(old));
            cluster.start();
            EtcdConfig etcd = EtcdConfig.at(cluster.etcdEndpoints(), PREFIX);
            ClientOptions options = ClientOptions.of(cluster.masterAddresses().toArray(String[]::new))
                    .withDeadline(DEADLINE)
                    .withLocalAccess(false, false);
            try (TarnClient client = TarnClient.connect(options);
                    Onlooker older = Onlooker.start(etcd, Format.FIRST);
                    Onlooker newer = Onlooker.start(etcd, Format.NEWEST)) {
                run(cluster, client, older, newer);
            }
        }
    }

    private void run(RealCluster cluster, TarnClient client, Onlooker older, Onlooker newer) throws Exception {
        UpgradeFiles files = new UpgradeFiles(client);
        await("the older build serves", () -> serves(client));
        files.write();
        passed("all masters are of the older build, and serve");

        for (int master = 0; master < LAST; master++) {
            replace(cluster, client, master, now);
            files.write();
            files.check();
        }
        passed("two masters are of this build, one of the older; all follow");
        for (int next : List.of(0, LAST, 1)) {
            transfer(cluster, client, next);
            files.write();
            files.check();
        }
        passed("each has led, the older one too; what one has written the next one has");
        long end = System.nanoTime() + MIXED_NANOS;
        while (System.nanoTime() < end) {
            files.write();
        }
        awaitAll(cluster, client);
        cluster.masters().get(LAST).requireAlive();
        require(
                cluster.masters().get(1).said().contains("until these masters are upgraded"),
                "the leader does not say for whom it waits");
        require(newer.format() == Format.FIRST && older.end() == null, "the new format was written too early");
        passed("while the older master was there no record of the new format was written, and the leader says so");

        replace(cluster, client, LAST, now);
        await("the format is raised", () -> newer.format() == Format.NEWEST);
        await("an older release stops there", () -> older.end() != null);
        files.write();
        files.check();
        awaitAll(cluster, client);
        passed("once the last master was of this build, the format was raised to " + Format.NEWEST);

        downgrade(cluster, client);
        files.check();
        upgradeWorkers(cluster, files);
    }

    private void downgrade(RealCluster cluster, TarnClient client) throws Exception {
        Member master = cluster.masters().get(LAST);
        master.stop();
        int before = master.said().length();
        master.setClassPath(old);
        master.start();
        int status = master.awaitEnd(LONGEST);
        String said = master.said().substring(before);
        require(status != 0 && said.contains("start the release that wrote it"), "status " + status + ": " + said);
        progress.accept("  it said: "
                + said.lines()
                        .filter(line -> line.contains("start the release"))
                        .findFirst()
                        .orElseThrow());
        passed("the older build, started after that, ended with status " + status + " and said what to do");
        master.setClassPath(now);
        master.start();
        awaitAll(cluster, client);
    }

    private void upgradeWorkers(RealCluster cluster, UpgradeFiles files) throws Exception {
        for (Member worker : cluster.workers()) {
            worker.stop();
        }
        // All at once: what is read then comes from the indexes that the older build wrote.
        for (Member worker : cluster.workers()) {
            worker.setClassPath(now);
            worker.start();
        }
        await("every file is read", () -> {
            files.check();
            return true;
        });
        files.write();
        files.check();
        for (Member each : cluster.all().toList()) {
            each.requireAlive();
        }
        passed("all workers are of this build; every file is there, with every byte");
    }

    /** Ends one master and starts it as another build, and waits until it has what the others have. */
    private void replace(RealCluster cluster, TarnClient client, int number, String classPath) throws Exception {
        Member master = cluster.masters().get(number);
        master.stop();
        master.setClassPath(classPath);
        master.start();
        awaitAll(cluster, client);
    }

    private void transfer(RealCluster cluster, TarnClient client, int number) throws Exception {
        String address = cluster.masterAddresses().get(number);
        if (!leads(client, address)) {
            client.transferLeadership(address);
        }
        await(address + " leads", () -> leads(client, address));
    }

    private static boolean leads(TarnClient client, String address) throws TarnException {
        return client.masters().stream()
                .anyMatch(master -> master.leads() && master.address().equals(address));
    }

    /** Until each master is there, well, and has all that any has. */
    private static void awaitAll(RealCluster cluster, TarnClient client) throws Exception {
        await("all masters follow", () -> {
            List<MasterState> masters = client.masters();
            return masters.size() == cluster.masters().size()
                    && masters.stream().allMatch(master -> master.problem().isEmpty())
                    && masters.stream()
                                    .map(MasterState::appliedSequence)
                                    .distinct()
                                    .count()
                            == 1;
        });
    }

    /** What only the cache holds needs two of them. */
    private static boolean serves(TarnClient client) throws TarnException {
        return client.clusterInfo().workers().stream()
                        .filter(ClusterInfo.Worker::alive)
                        .count()
                >= 2;
    }

    private void passed(String what) {
        progress.accept("ok: " + what);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** What fails meanwhile is asked again: leaders change. */
    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        TarnException last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (TarnException e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AssertionError("waited in vain until " + what, last);
    }
}
