package io.tarn.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import io.tarn.testing.understore.S3MountOptions;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * MapReduce jobs with FileOutputCommitter (version 1) on a mounted bucket that is written by and by: Hadoop's own runner in this process, whose default file
 * system is Tarn. The files that are compared go through {@code FileContext}, as YARN's do; the jobs' go through {@code FileSystem}.
 */
@Timeout(180)
class MapReduceTest {
    private static final int MAPS = 4;
    private static final int REDUCES = 3;
    private static final int LINES = 2000;
    private static final Path INPUT = new Path("/lake/input");
    private static final Path OUTPUT = new Path("/lake/sub/output");
    private static final String NO_PERSIST_BY_ITSELF = "1h";

    @TempDir
    java.nio.file.Path local;

    /** In the store at once, as soon as it is complete; or only when asked, so that each request to S3 is the jobs' own. */
    @ParameterizedTest
    @ValueSource(strings = {"0s", NO_PERSIST_BY_ITSELF})
    void jobsCommitByRenamesOfWhatTheStoreDoesNotHaveYet(String persistDelay) throws Exception {
        try (RunningServer server = RunningServer.start(Map.of("master.persist-delay", persistDelay));
                TarnClient client = TarnClient.connect(ClientOptions.of(server.address()));
                UnderStore bucket = bucket(server)) {
            server.mountBucket(client, "/lake", "lake");
            URI root = URI.create("tarn://" + server.address());
            Configuration configuration = configuration(root);
            try (FileSystem files = FileSystem.get(root, configuration)) {
                FileContext context = FileContext.getFileContext(root, configuration);
                List<List<String>> input = writeInput(context);
                persist(client);

                Expected counted = new Expected("part-r-", REDUCES, counts(input));
                run(server, WordJobs.count(configuration, INPUT, OUTPUT, REDUCES), REDUCES, persistDelay);
                counted.check(output(context));
                persist(client);
                checkBucket(bucket, input, counted);

                Expected capitals = new Expected("part-m-", MAPS, capitals(input));
                assertTrue(files.delete(OUTPUT, true));
                run(server, WordJobs.capitals(configuration, INPUT, OUTPUT), MAPS, persistDelay);
                capitals.check(output(context));

                Expected fewer = new Expected("part-r-", 1, counted.lines());
                assertTrue(files.delete(OUTPUT, true), "before it is in the store, or while it is on its way");
                run(server, WordJobs.count(configuration, INPUT, OUTPUT, 1), 1, persistDelay);
                fewer.check(output(context));
                persist(client);
                checkBucket(bucket, input, fewer);
                assertEquals(0, server.s3().counters().copies(), "copies on S3");
                assertEquals(0, server.s3().openUploads("lake"));
            }
        }
    }

    private static UnderStore bucket(RunningServer server) throws IOException {
        server.s3().createBucket("lake");
        return UnderStores.load()
                .open(
                        "s3://lake",
                        S3MountOptions.of(
                                server.s3().endpoint(),
                                server.s3().accessKey(),
                                server.s3().secretKey()));
    }

    private Configuration configuration(URI root) {
        Configuration configuration = new Configuration();
        configuration.set("fs.defaultFS", root.toString());
        configuration.set("fs.AbstractFileSystem.tarn.impl", Tarn.class.getName());
        configuration.set("hadoop.tmp.dir", local.toString());
        configuration.setInt("mapreduce.fileoutputcommitter.algorithm.version", 1);
        configuration.setInt("mapreduce.local.map.tasks.maximum", 2);
        configuration.setInt("mapreduce.task.io.sort.mb", 8);
        configuration.setInt("mapreduce.client.completion.pollinterval", 20);
        return configuration;
    }

    private static List<List<String>> writeInput(FileContext context) throws IOException {
        List<List<String>> input = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < MAPS; i++) {
            List<String> lines =
                    Stream.generate(() -> line(random)).limit(LINES).toList();
            try (FSDataOutputStream out = context.create(
                    new Path(INPUT, "lines-" + i), EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
                out.write(bytes(lines));
            }
            input.add(lines);
        }
        return input;
    }

    private static String line(Random random) {
        return "%s %s %s".formatted(word(random), word(random), word(random)).toLowerCase(Locale.ROOT);
    }

    private static String word(Random random) {
        return "word" + random.nextInt(500);
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(UTF_8);
    }

    private static void run(RunningServer server, Job job, int tasks, String persistDelay) throws Exception {
        MeteredOutput.watch(server.s3().counters());
        assertTrue(job.waitForCompletion(false), () -> "the job failed");
        assertEquals(tasks + 1, MeteredOutput.commits());
        if (persistDelay.equals(NO_PERSIST_BY_ITSELF)) {
            assertEquals(0, MeteredOutput.requests(), "requests to S3 while tasks and the job were committed");
        }
    }

    private static void persist(TarnClient client) throws IOException {
        client.persistAndWait("/lake", true, Duration.ofSeconds(60), progress -> {});
    }

    private static List<String> counts(List<List<String>> input) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (List<String> lines : input) {
            for (String line : lines) {
                for (String word : line.split(" ", -1)) {
                    counts.merge(word, 1L, Long::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .map(each -> each.getKey() + "\t" + each.getValue())
                .toList();
    }

    private static List<String> capitals(List<List<String>> input) {
        return input.stream()
                .flatMap(List::stream)
                .map(line -> line.toUpperCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    /** What a job is to leave: names in the output directory, and all lines, whatever part they are in. */
    private record Expected(String prefix, int parts, List<String> lines) {
        void check(SortedMap<String, byte[]> found) {
            List<String> names = new ArrayList<>(List.of("_SUCCESS"));
            IntStream.range(0, parts).forEach(part -> names.add("%s%05d".formatted(prefix, part)));
            assertEquals(names, List.copyOf(found.keySet()));
            List<String> all = new ArrayList<>();
            found.values()
                    .forEach(content ->
                            all.addAll(new String(content, UTF_8).lines().toList()));
            all.sort(null);
            assertEquals(lines, all);
        }
    }

    private static SortedMap<String, byte[]> output(FileContext context) throws IOException {
        SortedMap<String, byte[]> found = new TreeMap<>();
        for (FileStatus each : context.util().listStatus(OUTPUT)) {
            try (FSDataInputStream in = context.open(each.getPath())) {
                found.put(each.getPath().getName(), in.readAllBytes());
            }
        }
        return found;
    }

    /** The bucket holds the input, the output and nothing else, no name of a committer's either. */
    private static void checkBucket(UnderStore bucket, List<List<String>> input, Expected expected) throws IOException {
        StoreProbe probe = new StoreProbe(bucket);
        SortedMap<String, byte[]> output = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (Iterator<StoreStatus> all = bucket.listRecursive(""); all.hasNext(); ) {
            StoreStatus status = all.next();
            if (status.path().startsWith("sub/output/")) {
                output.put(status.path().substring("sub/output/".length()), probe.get(status.path()));
            } else if (!status.directory()) {
                others.add(status.path());
            } else {
                assertTrue(Set.of("input", "sub", "sub/output").contains(status.path()), status.path());
            }
        }
        expected.check(output);
        assertEquals(IntStream.range(0, MAPS).mapToObj(i -> "input/lines-" + i).toList(), others);
        for (int i = 0; i < MAPS; i++) {
            assertArrayEquals(bytes(input.get(i)), probe.get("input/lines-" + i));
        }
    }
}
