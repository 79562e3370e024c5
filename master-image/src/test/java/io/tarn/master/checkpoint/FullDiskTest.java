package io.tarn.master.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master on a disk that is really full: a small tmpfs, where this process may mount one. */
@Timeout(60)
class FullDiskTest {
    private static final int VALUE_BYTES = 100_000;

    @TempDir
    Path mountPoint;

    private SmallDisk disk;
    private final List<String> acknowledged = new ArrayList<>();

    @BeforeEach
    void mount() throws Exception {
        disk = SmallDisk.mount(mountPoint, 64);
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void appendsAreRefusedUntilThereIsRoom() throws Exception {
        try (MasterDirectory directory = open(1, 32)) {
            try (Leader<String> leader = lead(directory, new AtomicReference<>())) {
                writeOne(leader);
                fill();
                assertEquals(ErrorCode.NO_SPACE, writeUntilFailure(leader).code());
                assertEquals("x", value(leader, acknowledged.getFirst()).substring(0, 1), "reads go on");
                TarnException e = assertThrows(
                        TarnException.class, () -> directory.checkpointer().checkpoint());
                assertEquals(ErrorCode.NO_SPACE, e.code(), e.getMessage());
                makeRoom();
                writeOne(leader);
                directory.checkpointer().checkpoint();
            }
        }
        checkAll();
    }

    /** The journal has room left in its segment, the state has none: the batch is in the journal, and the master goes down with it. */
    @Test
    void aStateThatCannotBeFlushedEndsTheMasterAndLosesNothing() throws Exception {
        AtomicReference<Throwable> fault = new AtomicReference<>();
        try (MasterDirectory directory = open(16, 4)) {
            try (Leader<String> leader = lead(directory, fault)) {
                writeOne(leader);
                fill();
                ErrorCode code = writeUntilFailure(leader).code();
                assertEquals(ErrorCode.OUTCOME_UNKNOWN, code);
                ExecutionException e = assertThrows(ExecutionException.class, () -> writeOne(leader));
                assertEquals(ErrorCode.NOT_LEADER, cause(e).code(), "nothing is acknowledged afterwards");
            }
        } catch (UncheckedIOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("no space"), "the flush at the close: " + e);
        }
        assertNotNull(fault.get(), "it steps down");
        makeRoom();
        checkAll();
    }

    private MasterDirectory open(long segmentMebibytes, long writeBufferMebibytes) throws TarnException {
        return MasterDirectory.open(
                mountPoint.resolve("master"),
                new JournalConfig(new DataSize(segmentMebibytes << 20)),
                new StateConfig(
                        new DataSize(1L << 20), new DataSize(8L << 20), new DataSize(writeBufferMebibytes << 20), 64),
                CheckpointConfig.DEFAULT,
                new SimpleMeterRegistry());
    }

    private static Leader<String> lead(MasterDirectory directory, AtomicReference<Throwable> fault)
            throws TarnException {
        return SingleWriterLeader.start(
                directory.store(),
                directory.journal(),
                new TextRecords(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> fault.set(cause));
    }

    private void writeOne(Leader<String> leader) throws Exception {
        String key = "key-" + acknowledged.size();
        leader.submit(TextRecords.put(key, "x".repeat(VALUE_BYTES))).get();
        acknowledged.add(key);
    }

    private TarnException writeUntilFailure(Leader<String> leader) throws Exception {
        while (acknowledged.size() < 1_000) {
            try {
                writeOne(leader);
            } catch (ExecutionException e) {
                return cause(e);
            }
        }
        throw new AssertionError("the disk never filled up");
    }

    private static TarnException cause(ExecutionException failure) {
        return assertInstanceOf(TarnException.class, failure.getCause());
    }

    private static String value(Leader<String> leader, String key) {
        return String.valueOf(TextRecords.get(leader.committed(), key));
    }

    private void checkAll() throws Exception {
        try (MasterDirectory directory = open(1, 32);
                Leader<String> leader = lead(directory, new AtomicReference<>())) {
            for (String key : acknowledged) {
                assertEquals(VALUE_BYTES, value(leader, key).length(), key);
            }
            writeOne(leader);
        }
    }

    private void fill() throws IOException {
        byte[] zeros = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(mountPoint.resolve("ballast"))) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.getMessage());
        }
    }

    private void makeRoom() throws IOException {
        Files.delete(mountPoint.resolve("ballast"));
    }
}
