package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.AskedProgram;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Process;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Spark writes a partitioned TPC-H table through tarn:// with Hadoop's FileOutputCommitter (version 1), beside s3a with each of its committers; then overwrites it
 * and appends to it, and once more with speculative tasks while executors are killed. What S3 holds in the end is compared with the source. Not thread-safe.
 */
final class SparkWrites implements Benchmark {
    private static final String TABLE = "lineitem";
    private static final String COLUMNS = "l_returnflag,l_shipmode";
    private static final String CLOUD = "org.apache.spark.internal.io.cloud.";
    private static final Duration PERSIST_TIMEOUT = Duration.ofMinutes(5);
    private static final int KILLS = 3;
    private static final String DELAY_NOTE =
            "S3 takes 15 ms to the first byte; Tarn's job ends when the cache holds the table, \"and in S3\" when S3 does";
    private static final long DELAY_MILLIS = 15;

    @Override
    public String name() {
        return "spark";
    }

    @Override
    public String purpose() {
        return "a partitioned table written by Spark through tarn://, beside s3a's committers; then with speculation and killed executors";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        boolean full = lab.pace().isFull();
        S3Process s3 = lab.startS3();
        TarnProcess server = lab.startTarn(lab.newPlace(2048L * Lab.MEBIBYTE, 4096L * Lab.MEBIBYTE));
        String bucket = "s3a://" + Lab.BUCKET;
        String source = bucket + "/source/" + TABLE;
        try (TarnClient client = lab.connect(server)) {
            client.mount("/lake", "s3://" + Lab.BUCKET, Lab.mountOf(s3));
            String tarn = "tarn://" + server.master() + "/lake";
            String expected;
            try (AskedProgram spark = lab.startSpark(settings(s3, "local[2]"))) {
                var unused = spark.ask("generate " + bucket + "/source " + (full ? "0.2" : "0.01") + " " + TABLE);
                expected = tail(spark.ask("fingerprint " + source));
                s3.shape(DELAY_MILLIS, 0);
                report.note(DELAY_NOTE);
                Job job = new Job(spark, client, source, bucket, tarn, expected);
                timed(report, job, full ? 3 : 1);
                job.append();
                report.note("appended to, and overwritten with the same: right in S3, nothing left behind");
            }
            try (AskedProgram spark = lab.startSpark(unreliable(s3))) {
                Job job = new Job(spark, client, source, bucket, tarn, expected);
                report.note(job.underFire() + " executors killed, speculation on: right in S3, nothing left behind");
            }
        }
    }

    private void timed(Report report, Job job, int rounds) throws Exception {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        job.throughTarn(new ArrayList<>(), new ArrayList<>()); // lets Spark compile its code
        for (int round = 0; round < rounds; round++) {
            job.throughTarn(
                    seconds.computeIfAbsent("tarn", key -> new ArrayList<>()),
                    seconds.computeIfAbsent("stored", key -> new ArrayList<>()));
            for (String committer : List.of("file", "directory", "magic")) {
                seconds.computeIfAbsent(committer, key -> new ArrayList<>()).add(job.throughS3a(committer));
            }
        }
        Sample tarn = Sample.of(seconds.getOrDefault("tarn", List.of()));
        for (String committer : List.of("file", "directory", "magic")) {
            Sample s3a = Sample.of(seconds.getOrDefault(committer, List.of()));
            report.add(new Line(name(), "partitioned table written", "s", tarn, "s3a, " + committer, s3a));
        }
        Sample stored = Sample.of(seconds.getOrDefault("stored", List.of()));
        report.add(new Line(name(), "the same, and in S3", "s", stored, "", null));
    }

    /** One Spark and the places that it works on. */
    private record Job(
            AskedProgram spark, TarnClient client, String source, String bucket, String tarn, String expected) {

        void throughTarn(List<Double> written, List<Double> stored) throws Exception {
            committer("file");
            long start = System.nanoTime();
            var unused = spark.ask(copy(tarn + "/by-tarn", "Overwrite"));
            written.add(secondsSince(start));
            client.persistAndWait("/lake", true, PERSIST_TIMEOUT, progress -> {});
            stored.add(secondsSince(start));
            requireRight(bucket + "/by-tarn", expected);
        }

        double throughS3a(String committer) throws IOException {
            committer(committer);
            long start = System.nanoTime();
            var unused = spark.ask(copy(bucket + "/by-s3a", "Overwrite"));
            double seconds = secondsSince(start);
            committer("file");
            require(expected, tail(spark.ask("fingerprint " + bucket + "/by-s3a")), "s3a's " + committer);
            return seconds;
        }

        /** Twice the rows, then the same as before. */
        void append() throws Exception {
            var unused = spark.ask(copy(tarn + "/by-tarn", "Append"));
            client.persistAndWait("/lake", true, PERSIST_TIMEOUT, progress -> {});
            long rows = Long.parseLong(expected.split(" ")[0]);
            long found = Long.parseLong(
                    spark.ask("fingerprint " + bucket + "/by-tarn").get(1));
            require(Long.toString(2 * rows), Long.toString(found), "an append");
            throughTarn(new ArrayList<>(), new ArrayList<>());
        }

        /** @return how many executors were killed */
        int underFire() throws Exception {
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
                try {
                    var unused = spark.ask(copy(tarn + "/by-tarn", "Overwrite"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            int killed = 0;
            while (!done.isDone() && killed < KILLS) {
                TimeUnit.MILLISECONDS.sleep(2500);
                var executor = spark.handle().descendants().findAny();
                if (!done.isDone() && executor.isPresent()) {
                    executor.get().destroyForcibly();
                    killed++;
                }
            }
            done.get();
            client.persistAndWait("/lake", true, PERSIST_TIMEOUT, progress -> {});
            requireRight(bucket + "/by-tarn", expected);
            return killed;
        }

        private String copy(String to, String mode) {
            return "copy " + source + " " + to + " " + mode + " " + COLUMNS;
        }

        private void requireRight(String uri, String wanted) throws IOException {
            require(wanted, tail(spark.ask("fingerprint " + uri)), "a write through Tarn");
            List<String> files = spark.ask("files " + uri);
            require("0", files.get(2), "leftovers of a write through Tarn");
        }

        private void committer(String name) throws IOException {
            boolean s3a = !name.equals("file");
            set("fs.s3a.committer.name", name);
            set(
                    "spark.sql.sources.commitProtocolClass",
                    s3a
                            ? CLOUD + "PathOutputCommitProtocol"
                            : "org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol");
            set(
                    "spark.sql.parquet.output.committer.class",
                    s3a ? CLOUD + "BindingParquetOutputCommitter" : "org.apache.parquet.hadoop.ParquetOutputCommitter");
        }

        private void set(String key, String value) throws IOException {
            var unused = spark.ask("set " + key + " " + value);
        }
    }

    private static void require(String expected, String found, String what) throws IOException {
        if (!expected.equals(found)) {
            throw new IOException(what + " is wrong in S3: " + found + " instead of " + expected);
        }
    }

    private static String tail(List<String> words) {
        return String.join(" ", words.subList(1, words.size()));
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static Map<String, String> unreliable(S3Process s3) {
        Map<String, String> settings = settings(s3, "local-cluster[2,1,1024]");
        settings.put("spark.executor.memory", "1g");
        settings.put("spark.speculation", "true");
        settings.put("spark.speculation.interval", "50ms");
        settings.put("spark.speculation.multiplier", "1.1");
        settings.put("spark.speculation.quantile", "0.2");
        settings.put("spark.speculation.minTaskRuntime", "10ms");
        return settings;
    }

    private static Map<String, String> settings(S3Process s3, String master) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.master", master);
        settings.put("spark.ui.enabled", "false");
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "1");
        settings.put(
                "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a",
                "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory");
        settings.put("spark.hadoop.fs.s3a.endpoint", s3.endpoint().toString());
        settings.put("spark.hadoop.fs.s3a.endpoint.region", "us-east-1");
        settings.put("spark.hadoop.fs.s3a.path.style.access", "true");
        settings.put("spark.hadoop.fs.s3a.connection.ssl.enabled", "false");
        settings.put("spark.hadoop.fs.s3a.access.key", s3.accessKey());
        settings.put("spark.hadoop.fs.s3a.secret.key", s3.secretKey());
        return settings;
    }
}
