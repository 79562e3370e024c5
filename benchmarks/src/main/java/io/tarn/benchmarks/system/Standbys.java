package io.tarn.benchmarks.system;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.DeleteOption;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Seconds;
import io.tarn.benchmarks.process.DirectorySize;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.benchmarks.process.Metrics;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.process.Workspace;
import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How masters grow with the namespace: a cluster is restored from a backup of so many files; then its first master starts, another one with an empty directory joins, and the first is killed and comes
 * back. Masters have a heap of 512 MiB. Not thread-safe.
 */
final class Standbys implements Benchmark {
    private static final int PORT = 24_000;
    private static final List<Integer> FULL_FILES = List.of(100_000, 1_000_000, 10_000_000);
    private static final List<Integer> QUICK_FILES = List.of(2_000, 20_000);
    private static final int FILES_PER_DIRECTORY = 10_000;

    @Override
    public String name() {
        return "standby";
    }

    @Override
    public String purpose() {
        return "masters on etcd with 0.1, 1 and 10 million files: start, a new standby, fail-over, heap; of 512 MiB";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        for (int files : lab.pace().isFull() ? FULL_FILES : QUICK_FILES) {
            Path backup = backup(lab, files);
            try (LocalCluster cluster = LocalCluster.start(lab.installation(), lab.disk("standby-" + files), PORT)) {
                restore(lab, cluster, backup);
                Files.delete(backup);
                measure(report, cluster, files);
            }
        }
    }

    private static Path backup(Lab lab, int files) throws Exception {
        Path file = lab.disk("backups").resolve(Integer.toString(files));
        TarnProcess.Place place = lab.newPlace(64L * Lab.MEBIBYTE, 0);
        lab.startTarn(place).close();
        ManyFiles.add(place.data().resolve("master"), "many", files, FILES_PER_DIRECTORY);
        try (TarnProcess tarn = lab.startTarn(place);
                TarnClient client = lab.connect(tarn);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            client.backup(channel);
        }
        Workspace.delete(place.data());
        return file;
    }

    /** In the place of the empty namespace that the cluster began with. */
    private static void restore(Lab lab, LocalCluster cluster, Path backup) throws Exception {
        for (int master = 0; master < cluster.masters().size(); master++) {
            cluster.kill("master-" + master);
            Workspace.delete(cluster.masterDirectory(master));
        }
        for (int worker = 0; worker < cluster.workersHttp().size(); worker++) {
            cluster.kill("worker-" + worker);
        }
        try (EtcdConnection etcd = EtcdConnection.open(EtcdConfig.at(cluster.etcdEndpoints(), "/benchmark/"))) {
            ByteSequence prefix = ByteSequence.from(cluster.etcdPrefix(), StandardCharsets.UTF_8);
            etcd.client()
                    .getKVClient()
                    .delete(prefix, DeleteOption.builder().isPrefix(true).build())
                    .get();
        }
        Process restoring = new ProcessBuilder(
                        lab.installation().tarnCommand().toString(),
                        "restore",
                        backup.toString(),
                        "--config",
                        cluster.masterSettings(0).toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(restoring.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (restoring.waitFor() != 0) {
            throw new IOException("tarn restore failed: " + said);
        }
    }

    private void measure(Report report, LocalCluster cluster, int files) throws Exception {
        String of = ", " + files + " files";
        try (TarnClient client =
                TarnClient.connect(ClientOptions.of(cluster.masters().toArray(String[]::new)))) {
            add(
                    report,
                    "first start until it answers" + of,
                    "s",
                    seconds(cluster, "master-0", () -> answers(client, files)));
            add(
                    report,
                    "new standby until it is ready" + of,
                    "s",
                    seconds(cluster, "master-1", () -> Followers.areUpToDate(client, 2)));
            add(report, "heap of the leader in use" + of, "MiB", heapMebibytes(cluster, 0));
            add(report, "heap of the standby in use" + of, "MiB", heapMebibytes(cluster, 1));
            add(
                    report,
                    "disk of a master, by file" + of,
                    "bytes",
                    (double) DirectorySize.bytes(cluster.masterDirectory(0)) / files);
            cluster.kill("master-0");
            long start = System.nanoTime();
            await(() -> answers(client, files));
            add(report, "kill -9 until the other answers" + of, "s", Seconds.since(start));
            add(
                    report,
                    "restart until it follows" + of,
                    "s",
                    seconds(cluster, "master-0", () -> Followers.areUpToDate(client, 2)));
        }
    }

    /** What is waited for. */
    private interface Condition {
        boolean holds() throws TarnException;
    }

    private static double seconds(LocalCluster cluster, String started, Condition until) throws IOException {
        long start = System.nanoTime();
        cluster.run(started);
        await(until);
        return Seconds.since(start);
    }

    private static void await(Condition condition) {
        while (!holds(condition)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (TarnException e) {
            return false;
        }
    }

    private static boolean answers(TarnClient client, int files) throws TarnException {
        int last = files - 1;
        client.status("/many/" + last / FILES_PER_DIRECTORY + "/file-" + last);
        return true;
    }

    /** Live and garbage. */
    private static double heapMebibytes(LocalCluster cluster, int master) throws IOException {
        return Metrics.sum(List.of(cluster.mastersHttp().get(master)), "jvm_memory_used_bytes", "area=\"heap\"")
                / Lab.MEBIBYTE;
    }

    private void add(Report report, String title, String unit, double value) {
        report.add(Line.of(name(), title, unit, value));
    }
}
