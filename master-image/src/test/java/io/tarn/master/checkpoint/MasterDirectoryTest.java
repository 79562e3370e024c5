package io.tarn.master.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.leader.TextRecords;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lone master's files through checkpoints, damage and restarts. */
@Timeout(60)
class MasterDirectoryTest {
    private static final JournalConfig SMALL_SEGMENTS = new JournalConfig(new DataSize(1L << 20));

    @TempDir
    Path root;

    @Test
    void makesItsDirectoriesAndStartsEmpty() throws Exception {
        try (MasterDirectory directory = open()) {
            assertEquals(0, directory.store().appliedSequence());
            assertEquals(0, directory.journal().lastSequence());
        }
    }

    @Test
    void keepsTwoCheckpointsAndTrimsToTheOlder() throws Exception {
        try (MasterDirectory directory = open()) {
            long first = writeAndCheckpoint(directory, "first", 20);
            assertEquals(1, directory.journal().firstSequence(), "one checkpoint trims nothing");
            long second = writeAndCheckpoint(directory, "second", 20);
            long third = writeAndCheckpoint(directory, "third", 20);
            assertTrue(first < second && second < third);
            assertEquals(List.of(third, second), sequences());
            long start = directory.journal().firstSequence();
            assertTrue(start > 1 && start <= second + 1, "journal starts at " + start);
            assertEquals(third, directory.checkpointer().checkpoint(), "nothing new, nothing to do");
        }
    }

    @Test
    void makesCheckpointsByItself() throws Exception {
        CheckpointConfig often = new CheckpointConfig(Duration.ofSeconds(1), new DataSize(4L << 20));
        try (MasterDirectory directory =
                MasterDirectory.open(root, SMALL_SEGMENTS, StateConfig.DEFAULT, often, new SimpleMeterRegistry())) {
            write(directory, "a", 1);
            while (sequences().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aLostStateIsRestoredFromTheNewestCheckpoint() throws Exception {
        writeThreeTimes();
        FileTree.delete(root.resolve("state"));
        checkAll();
    }

    @Test
    void aDamagedStateIsRestoredAndKeptAside() throws Exception {
        writeThreeTimes();
        for (Path file : FileTree.files(root.resolve("state"))) {
            if (file.getFileName().toString().startsWith("MANIFEST")) {
                overwriteMiddle(file);
            }
        }
        checkAll();
        assertTrue(Files.exists(root.resolve("state.damaged")));
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws Exception {
        writeThreeTimes();
        FileTree.delete(root.resolve("state"));
        Path newest = root.resolve("checkpoints")
                .resolve(String.format("%020d", sequences().getFirst()));
        for (Path file : FileTree.files(newest.resolve("state"))) {
            if (file.getFileName().toString().startsWith("MANIFEST")) {
                overwriteMiddle(file);
            }
        }
        checkAll();
    }

    @Test
    void aCheckpointWithoutItsManifestIsPassedOver() throws Exception {
        writeThreeTimes();
        FileTree.delete(root.resolve("state"));
        Path newest = root.resolve("checkpoints")
                .resolve(String.format("%020d", sequences().getFirst()));
        Files.delete(newest.resolve("manifest"));
        checkAll();
    }

    @Test
    void withoutCheckpointsTheWholeJournalIsReplayed() throws Exception {
        try (MasterDirectory directory = open()) {
            write(directory, "first", 3);
        }
        FileTree.delete(root.resolve("state"));
        try (MasterDirectory directory = open()) {
            assertEquals(0, directory.store().appliedSequence());
            check(directory, "first");
        }
    }

    @Test
    void withoutAnythingGoodItSaysSoAndDeletesNothing() throws Exception {
        writeThreeTimes();
        FileTree.delete(root.resolve("checkpoints"));
        for (Path file : FileTree.files(root.resolve("state"))) {
            if (file.getFileName().toString().equals("CURRENT")) {
                Files.writeString(file, "MANIFEST-999999\n");
            }
        }
        TarnException e = assertThrows(TarnException.class, this::open);
        assertEquals(ErrorCode.CORRUPT, e.code());
        assertTrue(e.getMessage().contains("backup"), e.getMessage());
        assertTrue(Files.exists(root.resolve("state").resolve("CURRENT")));
    }

    @Test
    void anUnfinishedCheckpointIsNoCheckpoint() throws Exception {
        writeThreeTimes();
        Path newest = root.resolve("checkpoints")
                .resolve(String.format("%020d", sequences().getFirst()));
        Files.move(newest, root.resolve("checkpoints").resolve("unfinished"));
        FileTree.delete(root.resolve("state"));
        checkAll();
        try (MasterDirectory directory = open()) {
            writeAndCheckpoint(directory, "fourth", 1);
            assertFalse(Files.exists(root.resolve("checkpoints").resolve("unfinished")));
        }
    }

    private void writeThreeTimes() throws Exception {
        try (MasterDirectory directory = open()) {
            writeAndCheckpoint(directory, "first", 20);
            writeAndCheckpoint(directory, "second", 20);
            writeAndCheckpoint(directory, "third", 20);
            write(directory, "last", 3);
            assertTrue(directory.journal().firstSequence() > 1);
        }
    }

    private void checkAll() throws Exception {
        try (MasterDirectory directory = open()) {
            for (String key : List.of("first", "second", "third", "last")) {
                check(directory, key);
            }
        }
    }

    private MasterDirectory open() throws TarnException {
        return MasterDirectory.open(
                root, SMALL_SEGMENTS, StateConfig.DEFAULT, CheckpointConfig.DEFAULT, new SimpleMeterRegistry());
    }

    private static long writeAndCheckpoint(MasterDirectory directory, String key, int count) throws Exception {
        write(directory, key, count);
        return directory.checkpointer().checkpoint();
    }

    /** Writes so much under keys that begin with {@code key} that the journal goes on to further segments. */
    private static void write(MasterDirectory directory, String key, int count) throws Exception {
        try (Leader<String> leader = lead(directory)) {
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(leader.submit(TextRecords.put(key + "-" + i, "x".repeat(100_000))));
            }
            all.add(leader.submit(TextRecords.put(key, "written")));
            for (CompletableFuture<String> each : all) {
                each.get();
            }
        }
    }

    private static void check(MasterDirectory directory, String key) throws Exception {
        try (Leader<String> leader = lead(directory)) {
            assertEquals("written", TextRecords.get(leader.committed(), key));
        }
    }

    private static Leader<String> lead(MasterDirectory directory) throws TarnException {
        Journal journal = directory.journal();
        return SingleWriterLeader.start(
                directory.store(),
                journal,
                new TextRecords(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> {
                    throw new AssertionError(what, cause);
                });
    }

    private List<Long> sequences() throws IOException {
        Path checkpoints = root.resolve("checkpoints");
        if (!Files.exists(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> listing = Files.list(checkpoints)) {
            return listing.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .map(Long::valueOf)
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
        }
    }

    private static void overwriteMiddle(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int i = content.length / 3; i < content.length / 2; i++) {
            content[i] ^= 0x55;
        }
        Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
    }
}
