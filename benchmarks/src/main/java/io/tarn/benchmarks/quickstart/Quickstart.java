package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.AskedProgram;
import io.tarn.benchmarks.process.Installation;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.benchmarks.process.Progress;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.process.Workspace;
import io.tarn.client.ClientOptions;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Process;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The quickstart from start to end; its steps are in {@link #run}. Not thread-safe. */
final class Quickstart {
    private static final String SPARK_MAIN = "io.tarn.benchmarks.spark.SparkMain";
    private static final String BUCKET = "tpch";
    private static final String S3_URI = "s3a://" + BUCKET;
    private static final String MOUNT = "/" + BUCKET;
    private static final long MEMORY_TIER_BYTES = 2L << 30;
    private static final long SSD_TIER_BYTES = 20L << 30;
    private static final int CLUSTER_PORT = 23_600;
    private static final int CLUSTER_WORKERS = 3;
    private static final double WARM_UP_SCALE = 0.01;
    private static final List<String> TABLES =
            List.of("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem");

    private final QuickstartSettings settings;
    private final Progress progress;
    private final PrintStream out;

    Quickstart(QuickstartSettings settings, Progress progress, PrintStream out) {
        this.settings = settings;
        this.progress = progress;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        Installation installation = Installation.fromSystemProperties();
        try (Workspace workspace = new Workspace(settings.directory(), "tarn-quickstart")) {
            progress.say("starting an S3 server and " + (settings.cluster() ? "bin/local-cluster" : "tarn standalone"));
            S3Process s3 = workspace.add(S3Process.start(S3Settings.inDirectory(workspace.directory("s3"))));
            s3.createBucket(BUCKET);
            RunningTarn tarn =
                    settings.cluster() ? startCluster(installation, workspace) : startTarn(installation, workspace);
            progress.say("starting Spark");
            AskedProgram spark = workspace.add(startSpark(installation, workspace, s3, tarn));
            generate(spark, S3_URI, settings.scale());
            PassRunner runner = new PassRunner(spark, s3, settings.queries(), progress);
            warmUp(spark, runner, workspace);
            s3.shape(settings.delayMillis(), settings.bandwidthBytesPerSecond());
            try (TarnClient client =
                    TarnClient.connect(ClientOptions.of(tarn.masters().toArray(String[]::new)))) {
                progress.say("mounting s3://" + BUCKET + " on " + MOUNT);
                client.mount(MOUNT, "s3://" + BUCKET, mountSettings(s3));
                compare(runner, tarn);
            }
            if (settings.keep()) {
                new KeptRunning(installation, s3, tarn, MOUNT).explainAndWait(out);
            }
        }
    }

    private void compare(PassRunner runner, RunningTarn tarn) throws IOException {
        List<Pass> passes = new ArrayList<>();
        List<HitRate> hitRates = new ArrayList<>();
        passes.add(runner.run("s3a", S3_URI));
        for (String name : List.of("tarn, first", "tarn, second")) {
            double before = tarn.servedBytes();
            Pass pass = runner.run(name, tarn.uri(MOUNT));
            passes.add(pass);
            hitRates.add(new HitRate(tarn.servedBytes() - before, pass.s3().objectBytesOut()));
        }
        print(passes, hitRates);
        if (!passes.stream().allMatch(passes.getFirst()::sameResultsAs)) {
            throw new IOException("the results of the queries differ");
        }
    }

    private static RunningTarn startTarn(Installation installation, Workspace workspace) throws IOException {
        Path memory = workspace.memoryDirectory();
        long memoryBytes =
                Math.min(MEMORY_TIER_BYTES, Files.getFileStore(memory).getUsableSpace() / 2);
        TarnProcess.Place place =
                new TarnProcess.Place(workspace.directory("tarn"), memory, memoryBytes, SSD_TIER_BYTES);
        TarnProcess tarn = workspace.add(TarnProcess.start(installation, place, workspace.log("tarn")));
        return new RunningTarn(List.of(tarn.master()), List.of(tarn.http()));
    }

    /** Its processes share what one process would have. */
    private static RunningTarn startCluster(Installation installation, Workspace workspace) throws IOException {
        long memoryBytes = Math.min(
                MEMORY_TIER_BYTES,
                Files.getFileStore(workspace.memoryDirectory()).getUsableSpace() / 2);
        LocalCluster cluster = workspace.add(LocalCluster.start(
                installation,
                workspace.directory("cluster"),
                CLUSTER_PORT,
                "--mem",
                Long.toString(memoryBytes / CLUSTER_WORKERS),
                "--ssd",
                Long.toString(SSD_TIER_BYTES / CLUSTER_WORKERS)));
        return new RunningTarn(cluster.masters(), cluster.workersHttp());
    }

    private static MountSettings mountSettings(S3Process s3) {
        return MountSettings.DEFAULT.withStore(
                Map.of("endpoint", s3.endpoint().toString(), "region", "us-east-1", "path-style", "true"),
                Map.of("access-key", s3.accessKey(), "secret-key", s3.secretKey()));
    }

    private static AskedProgram startSpark(
            Installation installation, Workspace workspace, S3Process s3, RunningTarn tarn) throws IOException {
        Map<String, String> spark = new LinkedHashMap<>();
        spark.put("spark.master", "local[2]");
        spark.put("spark.ui.enabled", "false");
        spark.put("spark.driver.host", "127.0.0.1");
        spark.put("spark.driver.bindAddress", "127.0.0.1");
        spark.put("spark.sql.shuffle.partitions", "4");
        spark.put("spark.local.dir", workspace.directory("spark").toString());
        spark.put("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "2");
        spark.put("spark.hadoop.fs.s3a.endpoint", s3.endpoint().toString());
        spark.put("spark.hadoop.fs.s3a.endpoint.region", "us-east-1");
        spark.put("spark.hadoop.fs.s3a.path.style.access", "true");
        spark.put("spark.hadoop.fs.s3a.connection.ssl.enabled", "false");
        spark.put("spark.hadoop.fs.s3a.access.key", s3.accessKey());
        spark.put("spark.hadoop.fs.s3a.secret.key", s3.secretKey());
        spark.put("spark.hadoop.fs.tarn.masters", tarn.mastersList());
        Path directory = workspace.directory("spark");
        return AskedProgram.start(
                installation,
                new AskedProgram.Program(installation.sparkClassPath(), SPARK_MAIN, List.of(), "3g", Map.of()),
                spark,
                directory,
                workspace.log("spark"));
    }

    private void generate(AskedProgram spark, String uri, double scale) throws IOException {
        for (String table : TABLES) {
            progress.say(String.format(Locale.ROOT, "generating %s/%s (TPC-H, scale %s)", uri, table, scale));
            spark.ask("generate " + uri + " " + scale + " " + table);
        }
    }

    /** Lets Spark compile its code on a small copy in a local directory, so that who comes first is not the slowest for it. */
    private void warmUp(AskedProgram spark, PassRunner runner, Workspace workspace) throws IOException {
        String uri = workspace.directory("warm-up").toUri().toString().replaceFirst("/$", "");
        generate(spark, uri, WARM_UP_SCALE);
        runner.run("a small local copy, to warm Spark up", uri);
        runner.run("a small local copy, to warm Spark up", uri);
    }

    private void print(List<Pass> passes, List<HitRate> hitRates) {
        out.println();
        out.printf(
                Locale.ROOT,
                "TPC-H at scale %s, Spark SQL on 2 threads. S3 takes %d ms to the first byte and delivers at most %s in all.%n%n",
                settings.scale(),
                settings.delayMillis(),
                settings.bandwidthBytesPerSecond() == 0
                        ? "what it can"
                        : String.format(Locale.ROOT, "%.0f MB/s", settings.bandwidthBytesPerSecond() / 1e6));
        new ResultTable(passes, hitRates).lines().forEach(out::println);
    }
}
