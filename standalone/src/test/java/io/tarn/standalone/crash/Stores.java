package io.tarn.standalone.crash;

import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import io.tarn.testing.understore.S3MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The stores that outlive the process that is killed: a bucket and a directory. */
final class Stores implements AutoCloseable {
    static final String BUCKET_MOUNT = "/lake";
    static final String DIRECTORY_MOUNT = "/files";

    private static final String BUCKET = "lake";
    private static final Duration PERSIST_TIMEOUT = Duration.ofSeconds(120);
    private static final long DELETION_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EmbeddedS3 s3;
    private final Path files;
    private final UnderStore bucket;
    private final UnderStore directory;

    Stores(Path parent) throws IOException {
        files = Files.createDirectories(parent.resolve("files"));
        s3 = EmbeddedS3.start(S3Settings.inDirectory(parent.resolve("s3")));
        s3.createBucket(BUCKET);
        bucket = UnderStores.load().open("s3://" + BUCKET, s3Options());
        directory = UnderStores.load().open("file://" + files, MountOptions.getDefaultInstance());
    }

    private MountOptions s3Options() {
        return S3MountOptions.of(s3.endpoint(), s3.accessKey(), s3.secretKey());
    }

    void mount(TarnClient client) throws TarnException {
        MountOptions options = s3Options();
        client.mount(
                BUCKET_MOUNT,
                "s3://" + BUCKET,
                MountSettings.DEFAULT.withStore(options.getPropertiesMap(), options.getCredentialsMap()));
        client.mount(DIRECTORY_MOUNT, "file://" + files, MountSettings.DEFAULT);
    }

    /**
     * Has all persisted, and compares it with what has to be there.
     *
     * @throws AssertionError with the differences
     */
    void check(TarnClient client, List<Tree> trees) throws IOException {
        client.persistAndWait(BUCKET_MOUNT, true, PERSIST_TIMEOUT, progress -> {});
        client.persistAndWait(DIRECTORY_MOUNT, true, PERSIST_TIMEOUT, progress -> {});
        StoreCheck ofBucket = new StoreCheck(bucket, BUCKET_MOUNT);
        StoreCheck ofDirectory = new StoreCheck(directory, DIRECTORY_MOUNT);
        long end = System.nanoTime() + DELETION_NANOS;
        List<String> differences = differences(ofBucket, ofDirectory, trees);
        while (!differences.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the stores are not as they have to be:\n" + String.join("\n", differences));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            differences = differences(ofBucket, ofDirectory, trees);
        }
        ofBucket.checkBytes(trees);
        ofDirectory.checkBytes(trees);
    }

    private List<String> differences(StoreCheck ofBucket, StoreCheck ofDirectory, List<Tree> trees) throws IOException {
        List<String> differences = new ArrayList<>(ofBucket.differences(trees));
        differences.addAll(ofDirectory.differences(trees));
        differences.addAll(hidden(trees));
        if (s3.openUploads(BUCKET) > 0) {
            differences.add(s3.openUploads(BUCKET) + " multipart uploads are neither completed nor aborted");
        }
        return differences;
    }

    /** What the directory holds under names that the store's adapter does not show. */
    private List<String> hidden(List<Tree> trees) throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            return all.filter(path -> !path.equals(files))
                    .map(path -> DIRECTORY_MOUNT + "/" + files.relativize(path))
                    .filter(path -> trees.stream().allMatch(tree -> tree.get(path) == null))
                    .map(path -> path + " should not be in the directory")
                    .toList();
        } catch (java.io.UncheckedIOException vanished) {
            return List.of("the directory changes");
        }
    }

    @Override
    public void close() {
        bucket.close();
        directory.close();
        s3.close();
    }
}
