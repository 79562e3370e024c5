package io.tarn.hadoop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.QuotaUsage;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Hadoop's suites do not ask, against a real server. */
@ExtendWith(SharedServer.class)
class TarnFileSystemTest {
    private FileSystem files;

    @BeforeEach
    void start() throws IOException {
        files = FileSystem.newInstance(SharedServer.root(), new Configuration());
    }

    @AfterEach
    void stop() throws IOException {
        files.close();
    }

    private void write(Path path, byte[] content) throws IOException {
        try (FSDataOutputStream out = files.create(path, true)) {
            out.write(content);
        }
    }

    @Test
    void quotasAreSetAndShownAndKept() throws IOException {
        Path directory = new Path("/quotas");
        files.mkdirs(directory);
        files.setQuota(directory, 2, 100);
        write(new Path(directory, "file"), content(60));
        QuotaUsage usage = files.getQuotaUsage(directory);
        assertEquals(2, usage.getQuota());
        assertEquals(1, usage.getFileAndDirectoryCount());
        assertEquals(100, usage.getSpaceQuota());
        assertEquals(60, usage.getSpaceConsumed());
        assertEquals(2, files.getContentSummary(directory).getQuota());
        assertEquals(100, files.getContentSummary(directory).getSpaceQuota());
        assertThrows(
                ClusterStorageCapacityExceededException.class, () -> write(new Path(directory, "other"), content(41)));
        files.mkdirs(new Path(directory, "more"));
        assertThrows(
                ClusterStorageCapacityExceededException.class, () -> files.mkdirs(new Path(directory, "too-many")));
        files.setQuota(directory, -1, Long.MAX_VALUE);
        files.mkdirs(new Path(directory, "too-many"));
        assertEquals(-1, files.getQuotaUsage(directory).getQuota());
        files.setQuota(directory, -1, -1);
        assertEquals(-1, files.getContentSummary(directory).getSpaceQuota());
        assertEquals(-1, files.getContentSummary(new Path(directory, "file")).getSpaceQuota());
    }

    @Test
    @SuppressWarnings("deprecation") // The only way to allow links in FileContext.
    void symbolicLinksLeadSomewhere() throws IOException {
        Path directory = new Path("/links");
        Path file = new Path(directory, "file");
        Path link = new Path(directory, "link");
        write(file, content(10));
        files.createSymlink(new Path("file"), link, false);
        assertEquals(10, files.getFileStatus(link).getLen());
        FileStatus itself = files.getFileLinkStatus(link);
        assertTrue(itself.isSymlink());
        assertEquals(files.makeQualified(file), itself.getSymlink());
        assertEquals(new Path("file"), files.getLinkTarget(link));
        assertTrue(files.listStatus(directory)[1].isSymlink());
        try (FSDataInputStream in = files.open(link)) {
            assertArrayEquals(content(10), in.readAllBytes());
        }
        FileSystem.enableSymlinks();
        Configuration configuration = new Configuration();
        configuration.set("fs.AbstractFileSystem.tarn.impl", Tarn.class.getName());
        FileContext context = FileContext.getFileContext(SharedServer.root(), configuration);
        Path other = files.makeQualified(new Path("/links/sub/other"));
        context.createSymlink(files.makeQualified(directory), other, true);
        assertTrue(context.getFileLinkStatus(other).isSymlink());
        assertEquals(directory, context.getLinkTarget(other));
        assertEquals(10, context.getFileStatus(new Path(other, "link")).getLen());
        Path moved = files.makeQualified(new Path("/links/moved"));
        assertTrue(files.rename(other, moved));
        assertEquals(directory, context.getLinkTarget(moved));
        files.mkdirs(new Path("/links/empty"));
        files.createSymlink(new Path("empty"), new Path(directory, "toEmpty"), false);
        context.rename(file, new Path(directory, "toEmpty"), Options.Rename.OVERWRITE);
        assertTrue(files.exists(new Path("/links/empty")), "the link is replaced, not what it led to");
        context.rename(new Path(directory, "toEmpty"), file);
        assertTrue(context.delete(moved, true));
        assertTrue(files.exists(file));
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @Test
    void whatHadoopWritesTheJavaClientReadsOverEveryTransport() throws IOException {
        byte[] content = content((5 << 20) + 321);
        for (String directory : new String[] {"/shared", SharedServer.LOCAL_MOUNT + "/shared"}) {
            write(new Path(directory + "/file"), content);
            for (boolean socket : new boolean[] {true, false}) {
                try (TarnClient client = SharedServer.connect(socket, socket);
                        FileReader reader = client.open(directory + "/file", OpenOptions.DEFAULT)) {
                    ByteBuffer all = ByteBuffer.allocate(content.length);
                    assertEquals(content.length, reader.read(0, all));
                    assertArrayEquals(content, all.array());
                    assertEquals(socket ? 0 : content.length, client.figures().remoteBytes());
                }
            }
        }
    }

    @Test
    void whatTheJavaClientWritesHadoopReads() throws IOException {
        byte[] content = content(100_000);
        try (TarnClient client = SharedServer.connect(true, true)) {
            FileWriter writer = client.create("/from-java", CreateOptions.DEFAULT.withOverwrite(true));
            writer.write(ByteBuffer.wrap(content));
            writer.close();
        }
        try (FSDataInputStream in = files.open(new Path("/from-java"))) {
            assertArrayEquals(content, in.readAllBytes());
        }
    }

    @Test
    void aFileIsMadeAsItsBuilderSays() throws IOException {
        Path path = new Path("/made/durable");
        FSDataOutputStream out = (FSDataOutputStream) files.createFile(path)
                .recursive()
                .must(CreateRequests.WRITE_TYPE, "must_cache")
                .must(CreateRequests.DURABLE, true)
                .build();
        try (out) {
            out.write(content(1000));
            out.hsync();
        }
        assertEquals(1000, files.getFileStatus(path).getLen());
        assertThrows(
                IllegalArgumentException.class,
                () -> files.createFile(path)
                        .must("fs.option.tarn.colour", "red")
                        .build());
        assertThrows(
                IllegalArgumentException.class,
                () -> files.createFile(path)
                        .must(CreateRequests.WRITE_TYPE, "sometime")
                        .build());
        assertEquals(1000, files.getFileStatus(path).getLen());
    }

    @Test
    void anAbandonedOverwriteLeavesTheOldFile() throws IOException {
        Path path = new Path("/kept");
        write(path, content(10));
        try (TarnClient client = SharedServer.connect(true, true)) {
            FileWriter writer = client.create("/kept", CreateOptions.DEFAULT.withOverwrite(true));
            writer.write(ByteBuffer.wrap(content(20)));
            writer.abort();
        }
        assertEquals(10, files.getFileStatus(path).getLen());
    }

    @Test
    void blocksHaveHosts() throws IOException {
        Path path = new Path("/blocks");
        write(path, content(1000));
        BlockLocation[] locations = files.getFileBlockLocations(files.getFileStatus(path), 0, 1000);
        assertEquals(1, locations.length);
        assertTrue(locations[0].getHosts().length > 0);
    }

    @Test
    void attributesAreKept() throws IOException {
        Path path = new Path("/attributes");
        write(path, content(1));
        files.setPermission(path, new FsPermission((short) 0640));
        files.setTimes(path, 1_600_000_000_000L, -1);
        files.setXAttr(path, "user.colour", new byte[] {1, 2});
        assertEquals(0640, files.getFileStatus(path).getPermission().toShort());
        assertEquals(1_600_000_000_000L, files.getFileStatus(path).getModificationTime());
        assertArrayEquals(new byte[] {1, 2}, files.getXAttr(path, "user.colour"));
        files.removeXAttr(path, "user.colour");
        assertTrue(files.listXAttrs(path).isEmpty());
    }

    @Test
    void fileContextRenamesOverAFileOnlyWhenTold() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set("fs.AbstractFileSystem.tarn.impl", Tarn.class.getName());
        FileContext context = FileContext.getFileContext(SharedServer.root(), configuration);
        Path source = new Path("/rename-source");
        Path target = new Path("/rename-target");
        write(target, content(5));
        try (FSDataOutputStream out = context.create(source, EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE))) {
            out.write(content(7));
        }
        assertThrows(FileAlreadyExistsException.class, () -> context.rename(source, target));
        context.rename(source, target, Options.Rename.OVERWRITE);
        assertEquals(7, context.getFileStatus(target).getLen());
        assertFalse(files.exists(source));
    }

    @Test
    void aFullDirectoryIsDeletedOnlyRecursively() throws IOException {
        Path directory = new Path("/full");
        write(new Path(directory, "file"), content(1));
        assertThrows(PathIsNotEmptyDirectoryException.class, () -> files.delete(directory, false));
        assertTrue(files.delete(directory, true));
        assertFalse(files.delete(directory, true));
    }

    @Test
    void unknownSettingsAreRefusedWithTheKnownOnes() {
        Configuration configuration = new Configuration();
        configuration.set("fs.tarn.raed.type", "CACHE");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> FileSystem.newInstance(SharedServer.root(), configuration))
                .toString();
        assertTrue(message.contains("fs.tarn.raed.type") && message.contains("fs.tarn.read.type"), message);
    }

    @Test
    void aValueThatMakesNoSenseIsRefused() {
        Configuration configuration = new Configuration();
        configuration.set(TarnSettings.WRITE_TYPE, "PERHAPS");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> FileSystem.newInstance(SharedServer.root(), configuration))
                .toString();
        assertTrue(message.contains("PERHAPS") && message.contains("CACHE_THROUGH"), message);
        configuration.unset(TarnSettings.WRITE_TYPE);
        configuration.set(TarnSettings.WRITE_POLICY, "nearest");
        String policies = assertThrows(
                        IllegalArgumentException.class,
                        () -> FileSystem.newInstance(SharedServer.root(), configuration))
                .toString();
        assertTrue(policies.contains(TarnSettings.WRITE_POLICY) && policies.contains("round-robin"), policies);
    }
}
