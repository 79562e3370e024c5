package io.tarn.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.internal.FaultyWorker.Fault;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first of three workers is silent; what others have cached is taken from them. */
@Timeout(60)
class HedgedReadTest {
    private static final int LENGTH = (9 << 20) + 1234;
    private static final int READ_BYTES = 300_000;
    private static final Duration HEDGE_AFTER = Duration.ofMillis(40);

    private final byte[] content = new byte[LENGTH];
    private final Random random = new Random(7);
    private final AtomicInteger asked = new AtomicInteger();
    private FaultyMaster master;
    private FaultyWorker first;
    private FaultyWorker empty;
    private FaultyWorker second;
    private TarnClient client;

    @BeforeEach
    void start() throws IOException {
        new Random(42).nextBytes(content);
        master = new FaultyMaster();
        master.fileLength = LENGTH;
        first = worker(content);
        empty = new FaultyWorker();
        master.workers.add(empty.address());
        second = worker(content);
        client = TarnClient.connect(options().withHedgeAfter(HEDGE_AFTER));
    }

    private FaultyWorker worker(byte[] bytes) throws IOException {
        FaultyWorker worker = new FaultyWorker();
        worker.contents.put("/file", bytes);
        master.workers.add(worker.address());
        return worker;
    }

    private ClientOptions options() {
        return ClientOptions.of(master.address()).withUser("ada").withDeadline(Duration.ofSeconds(50));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        first.close();
        empty.close();
        second.close();
        master.close();
    }

    /** From now on the first worker does this with requests of a type. */
    private void first(FrameType type, Fault fault) {
        first.faults = header -> {
            if (header.type() != type) {
                return Fault.NONE;
            }
            asked.incrementAndGet();
            return fault;
        };
    }

    private void assertReads(FileReader reader, int bytes) throws IOException {
        int position = random.nextInt(LENGTH - bytes);
        ByteBuffer into = ByteBuffer.allocateDirect(bytes);
        assertEquals(bytes, reader.read(position, into));
        assertEquals(ByteBuffer.wrap(content, position, bytes), into.flip());
    }

    private void assertReadsAsync(FileReader reader, int bytes) throws Exception {
        int position = random.nextInt(LENGTH - bytes);
        ByteBuffer into = ByteBuffer.allocate(bytes);
        assertEquals(bytes, reader.readAsync(position, into).get());
        assertEquals(ByteBuffer.wrap(content, position, bytes), into.flip());
    }

    private void assertNobodyElseFetched() {
        List<OpenRead> opens = new ArrayList<>(empty.opens);
        opens.addAll(second.opens);
        assertTrue(opens.stream().allMatch(OpenRead::getCachedOnly), opens.size() + " opens");
    }

    @ParameterizedTest
    @EnumSource(names = {"KEEP_SILENT", "STOP_HALFWAY"})
    void readsGoOnAndOnlyTheFirstOneWaits(Fault fault) throws Exception {
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            assertReads(reader, READ_BYTES);
            first(FrameType.READ, fault);
            long start = System.nanoTime();
            for (int round = 0; round < 50; round++) {
                assertReads(reader, READ_BYTES);
                assertReadsAsync(reader, READ_BYTES);
            }
            long pauses = 1 + (System.nanoTime() - start) / (25 * HEDGE_AFTER.toNanos());
            assertTrue(asked.get() <= pauses, asked + " of 100 reads went to a worker known to be slow");
            assertTrue(client.figures().hedgesWon() > 0, client.figures().toString());
        }
        assertNobodyElseFetched();
    }

    @Test
    void aFileIsReadWholeWhileAWorkerStopsInTheMiddle() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(LENGTH);
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            while (all.hasRemaining()) {
                if (all.position() > LENGTH / 3 && asked.get() == 0) {
                    first(FrameType.READ, Fault.STOP_HALFWAY);
                }
                int step = Math.min(10_000, all.remaining());
                assertEquals(step, reader.read(all.position(), all.slice(all.position(), step)));
                all.position(all.position() + step);
            }
        }
        assertEquals(ByteBuffer.wrap(content), all.flip());
        assertTrue(asked.get() > 0);
        assertNobodyElseFetched();
    }

    @Test
    void aWorkerThatDoesNotEvenOpenIsPassedOver() throws Exception {
        first(FrameType.OPEN_READ, Fault.KEEP_SILENT);
        for (int round = 0; round < 3; round++) {
            try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
                assertReadsAsync(reader, 6 << 20);
                assertReads(reader, READ_BYTES);
            }
        }
        assertNobodyElseFetched();
    }

    @Test
    void whereNobodyElseHasTheBytesTheFirstOneIsWaitedFor() throws Exception {
        second.contents.clear();
        CountDownLatch hedged = new CountDownLatch(1);
        second.faults = header -> {
            if (header.type() == FrameType.CLOSE) {
                hedged.countDown();
            }
            return Fault.NONE;
        };
        first.faults = header -> header.type() == FrameType.READ ? await(hedged) : Fault.NONE;
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            assertReads(reader, READ_BYTES);
        }
        assertEquals(1, client.figures().hedges());
        assertEquals(0, client.figures().hedgesWon());
        assertNobodyElseFetched();
    }

    private static Fault await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Fault.NONE;
    }

    @Test
    void damagedBytesOfAnotherWorkerAreNotTaken() throws Exception {
        CountDownLatch hedged = new CountDownLatch(1);
        second.faults = header -> {
            if (header.type() != FrameType.READ) {
                return Fault.NONE;
            }
            hedged.countDown();
            return Fault.FLIP_BYTE;
        };
        first.faults = header -> header.type() == FrameType.READ ? await(hedged) : Fault.NONE;
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            assertReads(reader, READ_BYTES);
        }
        assertEquals(0, client.figures().hedgesWon());
    }

    @Test
    void aWorkerThatHasRecoveredIsReadFromAgain() throws Exception {
        first(FrameType.READ, Fault.KEEP_SILENT);
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            assertReads(reader, READ_BYTES);
            assertEquals(1, client.figures().hedgesWon());
            first.faults = header -> Fault.NONE;
            int before = first.reads.get();
            while (first.reads.get() == before) {
                assertReads(reader, READ_BYTES);
            }
            int others = second.reads.get();
            for (int round = 0; round < 20; round++) {
                assertReads(reader, READ_BYTES);
            }
            assertEquals(others, second.reads.get());
        }
    }

    @Test
    void manyThreadsShareAReaderWhileAWorkerStopsAndGoesOn() throws Exception {
        try (FileReader reader = client.open("/file", OpenOptions.DEFAULT)) {
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int seed = 0; seed < 8; seed++) {
                Random own = new Random(seed);
                threads.add(CompletableFuture.runAsync(() -> {
                    for (int round = 0; round < 100; round++) {
                        readSomewhere(reader, own);
                    }
                }));
            }
            AtomicInteger reads = new AtomicInteger();
            first.faults = header -> faultOf(header, reads.incrementAndGet());
            CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get();
        }
        assertTrue(client.figures().hedgesWon() > 0, client.figures().toString());
        assertNobodyElseFetched();
    }

    private static Fault faultOf(FrameHeader header, int number) {
        return header.type() == FrameType.READ && number % 20 == 0 ? Fault.STOP_HALFWAY : Fault.NONE;
    }

    private void readSomewhere(FileReader reader, Random own) {
        int bytes = 1 + own.nextInt(70_000);
        int position = own.nextInt(LENGTH - bytes);
        ByteBuffer into = ByteBuffer.allocateDirect(bytes);
        try {
            assertEquals(bytes, reader.read(position, into));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertEquals(ByteBuffer.wrap(content, position, bytes), into.flip());
    }

    @Test
    void nobodyElseIsAskedWhereThatIsTurnedOff() throws Exception {
        first(FrameType.READ, Fault.KEEP_SILENT);
        ClientOptions impatient = options().withDeadline(Duration.ofSeconds(2)).withHedgeAfter(Duration.ZERO);
        try (TarnClient other = TarnClient.connect(impatient);
                FileReader reader = other.open("/file", OpenOptions.DEFAULT)) {
            CompletableFuture<Integer> read = reader.readAsync(0, ByteBuffer.allocate(100));
            read.exceptionally(failure -> -1).get();
            assertEquals(0, other.figures().hedges());
        }
        assertTrue(second.opens.stream().noneMatch(OpenRead::getCachedOnly));
    }
}
