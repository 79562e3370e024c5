package io.tarn.client.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.PersistProgress;
import io.tarn.client.TarnClient;
import io.tarn.client.internal.FaultyWorker.Fault;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WritingTest {
    private FaultyMaster master;
    private FaultyWorker worker;
    private TarnClient client;

    @BeforeEach
    void start() throws IOException {
        master = new FaultyMaster();
        worker = new FaultyWorker();
        master.workers.add(worker.address());
        client = TarnClient.connect(
                ClientOptions.of(master.address()).withUser("ada").withDeadline(Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        worker.close();
        master.close();
    }

    @Test
    void writesPiecesOfAnySizeAndCompletes() throws TarnException {
        byte[] content = new byte[(40 << 20) + 17];
        new Random(5).nextBytes(content);
        FileWriter writer = client.create("/new", CreateOptions.DEFAULT);
        ByteBuffer left = ByteBuffer.wrap(content);
        for (int step = 1; left.hasRemaining(); step = step * 3 % 3_000_001 + 1) {
            int bytes = Math.min(step, left.remaining());
            writer.write(left.duplicate().limit(left.position() + bytes));
            left.position(left.position() + bytes);
        }
        assertEquals(content.length, writer.position());
        writer.flush(true);
        writer.close();
        writer.close();
        assertArrayEquals(content, worker.contents.get("/new"));
        assertEquals(1, master.completed.size());
        assertEquals(0, master.abandoned.get());
        assertEquals("/done", writer.info().path());
        assertEquals(content.length, client.figures().writtenBytes());
    }

    @Test
    void anEmptyFileCompletes() throws TarnException {
        client.create("/empty", CreateOptions.DEFAULT).close();
        assertEquals(0, worker.content("/empty").length);
    }

    @Test
    void anEmptyFileOfTheNamespaceAloneNeedsNoWorker() throws TarnException {
        master.receiptNeededForBytesOnly = true;
        FileWriter writer = client.create("/empty", CreateOptions.DEFAULT);
        writer.flush(true);
        writer.close();
        assertFalse(worker.contents.containsKey("/empty"));
        assertEquals(1, master.completed.size());
        client.create("/given-up", CreateOptions.DEFAULT).abort();
        assertEquals(1, master.abandoned.get());
        assertEquals(0, worker.aborts.get());
    }

    @Test
    void theFirstByteOpensTheWorkersEnd() throws TarnException {
        master.receiptNeededForBytesOnly = true;
        try (FileWriter writer = client.create("/new", CreateOptions.DEFAULT)) {
            writer.write(ByteBuffer.allocate(10));
        }
        assertEquals(10, worker.content("/new").length);
    }

    @Test
    void aFileThatStaysOpenIsKnownToAWorkerBeforeItsTicketGrowsOld() throws TarnException {
        master.receiptNeededForBytesOnly = true;
        FileWriter writer = client.create("/open", CreateOptions.DEFAULT);
        while (master.renewed.get() < 2) {
            Thread.onSpinWait();
        }
        writer.close();
        assertEquals(0, worker.content("/open").length);
    }

    @Test
    void aFailedWriteFailsTheFileAndDropsIt() throws TarnException {
        worker.faults = header -> header.type() == FrameType.WRITE ? Fault.SAY_NO_SPACE : Fault.NONE;
        FileWriter writer = client.create("/new", CreateOptions.DEFAULT);
        writer.write(ByteBuffer.allocate(10));
        assertEquals(
                ErrorCode.NO_SPACE,
                assertThrows(TarnException.class, writer::close).code());
        assertEquals(1, worker.aborts.get());
        assertEquals(1, master.abandoned.get());
        assertFalse(worker.contents.containsKey("/new"));
        writer.close();
    }

    @Test
    void aLostConnectionFailsTheFile() throws TarnException {
        worker.faults = header -> header.type() == FrameType.WRITE ? Fault.DROP_CONNECTION : Fault.NONE;
        FileWriter writer = client.create("/new", CreateOptions.DEFAULT);
        TarnException lost = assertThrows(TarnException.class, () -> {
            writer.write(ByteBuffer.allocate(3 << 20));
            writer.close();
        });
        writer.abort();
        assertEquals(ErrorCode.UNAVAILABLE, lost.code());
        assertEquals(1, master.abandoned.get());
    }

    @Test
    void abortDropsTheFile() throws TarnException {
        FileWriter writer = client.create("/new", CreateOptions.DEFAULT);
        writer.write(ByteBuffer.allocate(10));
        writer.abort();
        writer.close();
        assertEquals(1, worker.aborts.get());
        assertEquals(1, master.abandoned.get());
        assertThrows(TarnException.class, () -> writer.write(ByteBuffer.allocate(1)));
        assertThrows(TarnException.class, writer::info);
    }

    @Test
    void renewsItsLeaseUntilItIsLost() throws TarnException {
        FileWriter writer = client.create("/new", CreateOptions.DEFAULT);
        while (master.renewed.get() < 3) {
            Thread.onSpinWait();
        }
        writer.write(ByteBuffer.allocate(1));
        writer.flush(false);
        master.loseLeases = true;
        TarnException failure = assertThrows(TarnException.class, () -> {
            while (true) {
                writer.write(ByteBuffer.allocate(1));
            }
        });
        assertEquals(ErrorCode.LEASE_EXPIRED, failure.code());
        writer.abort();
    }

    @Test
    void withoutAWorkerCreateSaysSo() {
        master.workers.clear();
        TarnException failure = assertThrows(TarnException.class, () -> client.create("/new", CreateOptions.DEFAULT));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
    }

    @Test
    void appendsAndCutsAsNewVersionsThatBeginWithTheOldBytes() throws TarnException {
        master.fileLength = 100;
        byte[] base = new byte[100];
        new Random(9).nextBytes(base);
        worker.contents.put("/base", base);
        try (FileWriter writer = client.append("/log")) {
            assertEquals(100, writer.position());
            writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertEquals(103, writer.position());
        }
        byte[] expected = Arrays.copyOf(base, 103);
        System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 100, 3);
        assertArrayEquals(expected, worker.contents.get("/log"));
        master.receiptNeededForBytesOnly = true;
        client.append("/same").close();
        assertArrayEquals(Arrays.copyOf(base, 100), worker.contents.get("/same"));
        client.truncate("/cut", 7);
        assertArrayEquals(Arrays.copyOf(base, 7), worker.contents.get("/cut"));
        client.truncate("/emptied", 0);
        assertNull(worker.contents.get("/emptied"), "no worker has to know of an empty file");
        assertEquals(4, master.completed.size());
        assertEquals(0, master.abandoned.get());
    }

    @Test
    void waitsUntilEverythingIsPersistedOrSaysWhyNot() throws TarnException {
        master.unpersisted.set(3);
        List<PersistProgress> seen = new ArrayList<>();
        client.persistAndWait("/dir", true, Duration.ofSeconds(30), seen::add);
        assertEquals(
                List.of(3L, 2L, 1L, 0L),
                seen.stream().map(PersistProgress::waiting).toList());
        master.unpersisted.set(1_000_000);
        TarnException late = assertThrows(
                TarnException.class, () -> client.persistAndWait("/dir", true, Duration.ofMillis(1), any -> {}));
        assertEquals(ErrorCode.TIMEOUT, late.code());
        assertTrue(late.getMessage().contains("the store is away"), late.getMessage());
    }
}
