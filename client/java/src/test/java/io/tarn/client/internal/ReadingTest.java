package io.tarn.client.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.ReadRange;
import io.tarn.client.TarnClient;
import io.tarn.client.internal.FaultyWorker.Fault;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final int LENGTH = (9 << 20) + 1234;

    private final byte[] content = new byte[LENGTH];
    private FaultyMaster master;
    private FaultyWorker worker;
    private TarnClient client;

    @BeforeEach
    void start() throws IOException {
        new Random(42).nextBytes(content);
        master = new FaultyMaster();
        worker = new FaultyWorker();
        worker.contents.put("/file", content);
        master.workers.add(worker.address());
        master.fileLength = LENGTH;
        client = TarnClient.connect(
                ClientOptions.of(master.address()).withUser("ada").withDeadline(Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        worker.close();
        master.close();
    }

    private void assertReads(FileReader reader, long position, ByteBuffer into) throws TarnException {
        int start = into.position();
        int expected = (int) Math.min(into.remaining(), LENGTH - position);
        assertEquals(expected, reader.read(position, into));
        assertEquals(start + expected, into.position());
        byte[] read = new byte[expected];
        into.duplicate().position(start).get(read);
        assertArrayEquals(Arrays.copyOfRange(content, (int) position, (int) position + expected), read);
    }

    @Test
    void readsAnyRangeIntoHeapAndDirectBuffers() throws TarnException {
        Random random = new Random(1);
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            for (int round = 0; round < 60; round++) {
                int bytes = 1 + random.nextInt(round % 10 == 0 ? LENGTH : 100_000);
                ByteBuffer into =
                        round % 2 == 0 ? ByteBuffer.allocate(bytes + 7) : ByteBuffer.allocateDirect(bytes + 7);
                assertReads(reader, random.nextInt(LENGTH), into.position(3).limit(3 + bytes));
            }
            assertEquals(-1, reader.read(LENGTH, ByteBuffer.allocate(1)));
            assertEquals(0, reader.read(5, ByteBuffer.allocate(0)));
            assertThrows(TarnException.class, () -> reader.read(-1, ByteBuffer.allocate(1)));
        }
    }

    @Test
    void readsOverSharedConnectionsIntoHeapAndDirectBuffers() throws Exception {
        Random random = new Random(2);
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            for (int round = 0; round < 40; round++) {
                int bytes = 1 + random.nextInt(300_000);
                int position = random.nextInt(LENGTH - bytes);
                ByteBuffer into = round % 2 == 0 ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
                assertEquals(bytes, reader.readAsync(position, into).get());
                assertEquals(ByteBuffer.wrap(content, position, bytes), into.flip());
            }
        }
    }

    @Test
    void readsSmallPiecesInSequenceWithoutARoundTripEach() throws TarnException {
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            for (long position = 0; position < LENGTH; position += 4096) {
                assertReads(reader, position, ByteBuffer.allocate(4096));
            }
        }
        assertTrue(worker.reads.get() < 40, worker.reads + " requests for " + LENGTH / 4096 + " reads");
    }

    @Test
    void readsAtRandomFetchOnlyWhatTheyAskFor() throws TarnException {
        Random random = new Random(3);
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            for (int round = 0; round < 100; round++) {
                assertReads(reader, 4096L * (1 + random.nextInt(2000)), ByteBuffer.allocate(4096));
            }
        }
        assertTrue(
                client.figures().remoteBytes() < 5 * 100 * 4096,
                client.figures().toString());
    }

    @Test
    void combinesNeighbouringRangesAndFillsEach() throws Exception {
        List<ReadRange> ranges = List.of(
                new ReadRange(5_000_000, ByteBuffer.allocate(1000)),
                new ReadRange(100, ByteBuffer.allocateDirect(50)),
                new ReadRange(200, ByteBuffer.allocate(5000)),
                new ReadRange(8000, ByteBuffer.allocate(1)));
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            List<CompletableFuture<ByteBuffer>> outcomes = reader.readVectored(ranges);
            for (int index = 0; index < ranges.size(); index++) {
                int offset = (int) ranges.get(index).offset();
                ByteBuffer read = outcomes.get(index).get();
                assertEquals(ByteBuffer.wrap(content, offset, read.remaining()), read);
                assertEquals(ranges.get(index).into().capacity(), read.remaining());
            }
            CompletableFuture<ByteBuffer> beyond = reader.readVectored(
                            List.of(new ReadRange(LENGTH - 5, ByteBuffer.allocate(6))))
                    .get(0);
            assertThrows(ExecutionException.class, beyond::get);
        }
        assertEquals(3, worker.reads.get());
    }

    @Test
    void asksOnceMoreForCorruptedBytesOnAFreshConnection() throws TarnException {
        worker.faults = firstRead(Fault.FLIP_BYTE);
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            assertReads(reader, 1000, ByteBuffer.allocate(100_000));
        }
        assertEquals(2, worker.connections.get());
    }

    @Test
    void neverReturnsCorruptedBytes() throws TarnException {
        worker.faults = header -> header.type() == FrameType.READ ? Fault.FLIP_BYTE : Fault.NONE;
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            TarnException failure =
                    assertThrows(TarnException.class, () -> reader.read(1000, ByteBuffer.allocate(100)));
            assertEquals(ErrorCode.CORRUPT, failure.code());
        }
        assertEquals(3, worker.reads.get(), "by the thread itself, then twice over shared connections");
    }

    @Test
    void survivesALostConnectionAndABusyWorker() throws TarnException {
        for (Fault fault : List.of(Fault.DROP_CONNECTION, Fault.SAY_BUSY, Fault.SEND_GARBAGE)) {
            try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
                assertReads(reader, 0, ByteBuffer.allocate(10));
                worker.faults = firstRead(fault);
                assertReads(reader, 5_000_000, ByteBuffer.allocate(100_000));
            }
        }
    }

    @Test
    void goesToTheNextWorker() throws IOException {
        try (FaultyWorker dead = new FaultyWorker()) {
            master.workers.add(0, dead.address());
            dead.close();
            try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
                assertReads(reader, 77, ByteBuffer.allocate(1000));
            }
        }
    }

    @Test
    void goesToTheNextWorkerWhereOneHasLostItsCopy() throws IOException {
        try (FaultyWorker empty = new FaultyWorker()) {
            master.workers.add(0, empty.address());
            try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
                assertReads(reader, 77, ByteBuffer.allocate(1000));
            }
        }
    }

    @Test
    void whereNobodyHasTheBytesTheReaderSaysSo() throws IOException {
        worker.contents.clear();
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            TarnException failure =
                    assertThrows(TarnException.class, () -> reader.read(1000, ByteBuffer.allocate(100)));
            assertEquals(ErrorCode.NOT_FOUND, failure.code());
        }
    }

    @Test
    void renewsAnExpiredTicketOfTheSameVersion() throws TarnException {
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            worker.faults = firstReads(2, Fault.SAY_EXPIRED);
            assertReads(reader, 77, ByteBuffer.allocate(1000));
            assertEquals(2, master.opens.get());
        }
    }

    @Test
    void neverMixesTwoVersions() throws TarnException {
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            assertReads(reader, 0, ByteBuffer.allocate(10));
            master.version = 2;
            worker.faults = header -> header.type() == FrameType.READ ? Fault.SAY_EXPIRED : Fault.NONE;
            TarnException failure =
                    assertThrows(TarnException.class, () -> reader.read(5_000_000, ByteBuffer.allocate(100)));
            assertEquals(ErrorCode.STORE_CHANGED, failure.code());
        }
    }

    @Test
    void givesUpOnASilentWorkerAtTheDeadline() throws TarnException {
        worker.faults = header -> Fault.KEEP_SILENT;
        ClientOptions impatient =
                ClientOptions.of(master.address()).withUser("ada").withDeadline(Duration.ofMillis(500));
        try (TarnClient other = TarnClient.connect(impatient);
                FileReader reader = other.open("/file", OpenOptions.DEFAULT)) {
            TarnException failure = assertThrows(TarnException.class, () -> reader.read(0, ByteBuffer.allocate(100)));
            assertEquals(ErrorCode.TIMEOUT, failure.code());
        }
    }

    @Test
    void aClosedReaderSaysSo() throws TarnException {
        FileReader reader = client.open("/file", OpenOptions.DEFAULT);
        reader.close();
        reader.close();
        TarnException failure = assertThrows(TarnException.class, () -> reader.read(0, ByteBuffer.allocate(1)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code());
    }

    @Test
    void manyThreadsShareOneReader() throws Exception {
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            List<CompletableFuture<Void>> threads = IntStream.range(0, 8)
                    .mapToObj(seed -> CompletableFuture.runAsync(() -> readAtRandom(reader, seed)))
                    .toList();
            CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get();
        }
    }

    private void readAtRandom(FileReader reader, int seed) {
        Random random = new Random(seed);
        try {
            for (int round = 0; round < 200; round++) {
                assertReads(reader, random.nextInt(LENGTH), ByteBuffer.allocate(1 + random.nextInt(70_000)));
            }
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    private static Function<FrameHeader, Fault> firstRead(Fault fault) {
        return firstReads(1, fault);
    }

    private static Function<FrameHeader, Fault> firstReads(int count, Fault fault) {
        AtomicInteger reads = new AtomicInteger();
        return header -> header.type() == FrameType.READ && reads.getAndIncrement() < count ? fault : Fault.NONE;
    }
}
