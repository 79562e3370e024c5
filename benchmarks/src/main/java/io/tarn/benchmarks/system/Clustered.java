package io.tarn.benchmarks.system;

import io.etcd.jetcd.ByteSequence;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.measure.Seconds;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.MasterState;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A cluster of three etcd, three masters and three workers, all on this machine: changes of the namespace beside puts into the same etcd, and how long nothing can be changed when the
 * leader is killed or hands over. Not thread-safe.
 */
final class Clustered implements Benchmark {
    private static final int PORT = 23_700;
    private static final int[] CLIENTS = {1, 4, 16, 64};
    private static final int MASTERS = 3;
    private static final int FULL_FILES = 1_000_000;
    private static final int QUICK_FILES = 2_000;
    private static final int FILES_PER_DIRECTORY = 10_000;

    private final AtomicLong names = new AtomicLong();

    @Override
    public String name() {
        return "cluster";
    }

    @Override
    public String purpose() {
        return "3 etcd, 3 masters, 3 workers: creates and opens by 1 to 64 clients beside sequential puts into that etcd; fail-over and hand-over with a million files";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        boolean full = lab.pace().isFull();
        try (LocalCluster cluster = LocalCluster.start(lab.installation(), lab.disk("cluster"), PORT);
                TarnClient client =
                        TarnClient.connect(ClientOptions.of(cluster.masters().toArray(String[]::new)))) {
            client.makeDirectory("/new", true, true, 0755);
            Rate.measure(
                    thread -> () -> create(client),
                    CLIENTS[CLIENTS.length - 1],
                    lab.pace().programWarmUp());
            Sample puts = puts(lab, cluster);
            for (int clients : CLIENTS) {
                add(report, "create and complete", clients, rates(lab, clients, () -> create(client)), puts);
            }
            client.create("/open", CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE))
                    .close();
            for (int clients : CLIENTS) {
                add(report, "open", clients, rates(lab, clients, () -> open(client)), puts);
            }
            fill(cluster, full ? FULL_FILES : QUICK_FILES);
            times(report, "kill -9 of the leader", full ? 10 : 2, () -> failOver(cluster, client));
            times(report, "hand-over", full ? 10 : 2, () -> handOver(client));
        }
    }

    private static void add(Report report, String operation, int clients, Sample rate, Sample puts) {
        report.add(new Line(
                "cluster", operation + ", " + clients + " clients", "ops/s", rate, "etcd put, 1 client", puts));
    }

    private static Sample rates(Lab lab, int clients, Change change) throws Exception {
        List<Double> rounds = new ArrayList<>();
        for (int round = 0; round < lab.pace().rounds(); round++) {
            rounds.add(Rate.measure(thread -> change::run, clients, lab.pace().round())
                    .operationsPerSecond());
        }
        return Sample.of(rounds);
    }

    /** One client, one put after the other has been acknowledged: etcd syncs its log for each. */
    private static Sample puts(Lab lab, LocalCluster cluster) throws Exception {
        try (EtcdConnection etcd = EtcdConnection.open(EtcdConfig.at(cluster.etcdEndpoints(), "/benchmark/"))) {
            ByteSequence key = ByteSequence.from("/benchmark/key", StandardCharsets.UTF_8);
            ByteSequence value = ByteSequence.from("x".repeat(256), StandardCharsets.UTF_8);
            List<Double> rounds = new ArrayList<>();
            for (int round = 0; round < lab.pace().rounds(); round++) {
                rounds.add(Rate.measure(
                                thread -> () -> {
                                    etcd.client().getKVClient().put(key, value).get();
                                    return 0;
                                },
                                1,
                                lab.pace().round())
                        .operationsPerSecond());
            }
            return Sample.of(rounds);
        }
    }

    /** Something that is counted. */
    private interface Change {
        long run() throws Exception;
    }

    private long create(TarnClient client) throws Exception {
        client.create("/new/" + names.incrementAndGet(), CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE))
                .close();
        return 0;
    }

    private static long open(TarnClient client) throws Exception {
        client.open("/open", OpenOptions.DEFAULT).close();
        return 0;
    }

    /** By records: clients would take much longer. */
    private static void fill(LocalCluster cluster, int files) throws Exception {
        for (int i = 0; i < MASTERS; i++) {
            cluster.kill("master-" + i);
        }
        ManyFiles.addToCluster(
                cluster.masterDirectory(0),
                cluster.etcdEndpoints(),
                cluster.etcdPrefix(),
                "many",
                files,
                FILES_PER_DIRECTORY);
        for (int i = 0; i < MASTERS; i++) {
            cluster.run("master-" + i);
        }
    }

    /** What takes a time, in seconds. */
    private interface Timed {
        double run() throws Exception;
    }

    private void times(Report report, String title, int times, Timed timed) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            seconds.add(timed.run());
        }
        report.add(
                new Line(name(), title + " until the first change is acknowledged", "s", Sample.of(seconds), "", null));
        report.note(String.format(Locale.ROOT, "%s, each: %s", title, seconds));
    }

    private double failOver(LocalCluster cluster, TarnClient client) throws Exception {
        awaitAll(client);
        int leader = cluster.masters().indexOf(leader(client));
        cluster.kill("master-" + leader);
        double seconds = untilChanged(client);
        cluster.run("master-" + leader);
        return seconds;
    }

    private double handOver(TarnClient client) throws Exception {
        awaitAll(client);
        long start = System.nanoTime();
        client.transferLeadership("");
        untilChanged(client);
        return Seconds.since(start);
    }

    private double untilChanged(TarnClient client) {
        long start = System.nanoTime();
        while (true) {
            try {
                client.makeDirectory("/changed-" + names.incrementAndGet(), false, true, 0755);
                return Seconds.since(start);
            } catch (TarnException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static String leader(TarnClient client) throws TarnException {
        return client.masters().stream()
                .filter(MasterState::leads)
                .map(MasterState::address)
                .findFirst()
                .orElseThrow();
    }

    /** Until every master follows closely. */
    private static void awaitAll(TarnClient client) {
        while (!allFollow(client)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static boolean allFollow(TarnClient client) {
        try {
            return Followers.areUpToDate(client, MASTERS);
        } catch (TarnException e) {
            return false;
        }
    }
}
