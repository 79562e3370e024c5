package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.FileWriter;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.MountSettings;
import io.tarn.client.WriteType;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tree with five stores of four kinds: two S3 servers, one mounted inside the other, HDFS by its own protocol and by HTTP, and a local directory. */
class FiveStoresTest {
    private static final List<String> MOUNTS = List.of("/s3", "/s3/inner", "/hdfs", "/local", "/web");

    @TempDir
    Path directory;

    @Test
    void oneTreeIsListedReadAndWritten() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
        try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).build();
                EmbeddedS3 first = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3-first")));
                EmbeddedS3 second = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3-second")));
                RunningCache cache = new RunningCache(directory.resolve("data"))) {
            hdfs.waitActive();
            first.createBucket("lake");
            second.createBucket("lake");
            Path local = Files.createDirectories(directory.resolve("local"));
            hdfs.getFileSystem().mkdirs(new org.apache.hadoop.fs.Path("/plain"));
            hdfs.getFileSystem().mkdirs(new org.apache.hadoop.fs.Path("/web"));
            cache.client().mount("/s3", "s3://lake", S3Mounts.of(first));
            cache.client().mount("/s3/inner", "s3://lake/deep", S3Mounts.of(second));
            cache.client()
                    .mount("/hdfs", "hdfs://localhost:" + hdfs.getNameNodePort() + "/plain", MountSettings.DEFAULT);
            cache.client().mount("/local", "file://" + local, MountSettings.DEFAULT);
            cache.client()
                    .mount(
                            "/web",
                            "webhdfs://localhost:"
                                    + hdfs.getNameNode().getHttpAddress().getPort() + "/web",
                            MountSettings.DEFAULT);

            for (String mount : MOUNTS) {
                write(cache, mount + "/dir/file of " + mount.substring(1).replace('/', '-'));
            }
            assertEquals(List.of("/hdfs", "/local", "/s3", "/web"), paths(cache, "/", ListOptions.CHILDREN));
            List<String> files = paths(cache, "/", ListOptions.RECURSIVE);
            for (String mount : MOUNTS) {
                String path = mount + "/dir/file of " + mount.substring(1).replace('/', '-');
                assertTrue(files.contains(path), () -> path + " in " + files);
                assertArrayEquals(
                        path.getBytes(StandardCharsets.UTF_8),
                        cache.tarn("fs", "cat", path).bytes());
                assertTrue(cache.client().status(path).persisted(), path);
            }
            assertTrue(Files.exists(local.resolve("dir/file of local")));
            assertTrue(hdfs.getFileSystem().exists(new org.apache.hadoop.fs.Path("/plain/dir/file of hdfs")));
        }
    }

    private static void write(RunningCache cache, String path) throws IOException {
        try (FileWriter writer =
                cache.client().create(path, CreateOptions.DEFAULT.withWriteType(WriteType.CACHE_THROUGH))) {
            writer.write(ByteBuffer.wrap(path.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static List<String> paths(RunningCache cache, String path, ListOptions options) throws IOException {
        List<String> found = new ArrayList<>();
        try (Listing listing = cache.client().list(path, options)) {
            while (listing.hasNext()) {
                FileInfo info = listing.next();
                found.add(info.path());
            }
        }
        return found;
    }
}
