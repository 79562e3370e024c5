package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.placement.Candidate;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.Rendezvous;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.testing.understore.MemoryUnderStore;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three workers over one store: each page has a home, which alone asks the store. */
@Timeout(60)
class HomeTest {
    private static final long BLOCK_BYTES = 2L * MIB;
    private static final int WORKERS = 3;

    private final byte[] content = StoreProbe.bytes(9 * MIB + 4711, 3);
    private final MemoryUnderStore store = new MemoryUnderStore("memory://test", () -> 1_000);
    private final List<ServerFixture> workers = new ArrayList<>();
    private final int[] ports = new int[WORKERS + 1];
    private StoreStatus status;
    private String homeWorkers = "";

    @BeforeEach
    void start() throws IOException {
        for (long id = 1; id <= WORKERS; id++) {
            ServerFixture worker = new ServerFixture(id, store);
            workers.add(worker);
            ports[(int) id] = worker.server.port();
        }
        status = workers.getFirst().probe.put("big", content);
        tellMembers(1, 2, 3);
    }

    @AfterEach
    void stop() throws IOException {
        for (ServerFixture each : workers) {
            each.close();
        }
    }

    private ServerFixture worker(long id) {
        return workers.get((int) id - 1);
    }

    /** Each has a label with its number. */
    private void tellMembers(long... ids) {
        List<Member> members = Arrays.stream(ids)
                .mapToObj(id -> Member.newBuilder()
                        .setCapacityBytes(1 << 30)
                        .setAddress(WorkerAddress.newBuilder()
                                .setWorkerId(id)
                                .setHost("127.0.0.1")
                                .setDataPort(ports[(int) id])
                                .putLabels("number", Long.toString(id)))
                        .build())
                .toList();
        workers.forEach(each -> each.cluster.useMembers(members));
    }

    private SignedTicket ticket(ServerFixture worker) throws IOException {
        Ticket known = worker.cluster.signer().check(worker.ticket(status));
        return worker.sign(known.toBuilder().setBlockSizeBytes(BLOCK_BYTES).setHomeWorkers(homeWorkers));
    }

    private void readAll(long id) throws IOException {
        try (RawClient client = worker(id).connect()) {
            long handle = client.openRead(ticket(worker(id)), ReadType.CACHE);
            for (int from = 0; from < content.length; from += 700_001) {
                int length = Math.min(700_001, content.length - from);
                assertArrayEquals(Arrays.copyOfRange(content, from, from + length), client.read(handle, from, length));
            }
        }
    }

    private long storeBytes() {
        return workers.stream().mapToLong(ServerFixture::storeBytes).sum();
    }

    /** Whose block a page lies in. */
    private long home(int page, Long... ids) {
        List<Candidate> candidates =
                Arrays.stream(ids).map(id -> new Candidate(id, 1 << 30)).toList();
        PlacementKey key = PlacementKey.ofBlock(ServerFixture.version(status), page * (long) MIB / BLOCK_BYTES);
        return Rendezvous.rank(key, candidates).getFirst();
    }

    @Test
    void whoeverReadsEachByteCrossesFromTheStoreOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> reading = new ArrayList<>();
            for (long id = 1; id <= WORKERS; id++) {
                long reader = id;
                for (int i = 0; i < 2; i++) {
                    reading.add(threads.submit(() -> {
                        readAll(reader);
                        return true;
                    }));
                }
            }
            for (Future<?> each : reading) {
                each.get();
            }
        }
        assertEquals(content.length, storeBytes());
        for (long id = 1; id <= WORKERS; id++) {
            long reader = id;
            long home = java.util.stream.IntStream.rangeClosed(0, content.length / MIB)
                    .filter(page -> home(page, 1L, 2L, 3L) == reader)
                    .mapToLong(page -> Math.min(MIB, content.length - (long) page * MIB))
                    .sum();
            assertEquals(home, worker(id).storeBytes(), "of worker " + id);
        }
    }

    @Test
    void onlyWorkersThatTheTicketWantsAskTheStore() throws IOException {
        homeWorkers = "number!=1,number!=3";
        readAll(1);
        readAll(3);
        readAll(2);
        assertEquals(content.length, worker(2).storeBytes());
        assertEquals(content.length, storeBytes());
    }

    @Test
    void whereNoWorkerIsAsTheTicketWantsAllHaveHomes() throws IOException {
        homeWorkers = "number=9";
        readAll(1);
        readAll(2);
        assertEquals(content.length, storeBytes());
        assertTrue(worker(3).storeBytes() > 0);
    }

    @Test
    void aNewHomeTakesPagesFromTheFormerOne() throws IOException {
        tellMembers(1, 2);
        readAll(1);
        readAll(2);
        long before = storeBytes();
        assertEquals(content.length, before);
        tellMembers(1, 2, 3);
        readAll(3);
        assertEquals(before, storeBytes());
    }

    @Test
    void whereTheHomeIsLostTheNextOneFetches() throws IOException {
        long lost = home(0, 1L, 2L, 3L);
        worker(lost).server.close();
        for (long id = 1; id <= WORKERS; id++) {
            if (id != lost) {
                readAll(id);
            }
        }
        assertEquals(content.length, storeBytes());
    }

    @Test
    void aHomeThatSaysNothingOrNonsenseIsPassedOver() throws IOException {
        long strange = home(0, 1L, 2L, 3L);
        try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            ports[(int) strange] = socket.getLocalPort();
            Thread peer = Thread.ofVirtual().start(() -> answerNonsense(socket));
            tellMembers(1, 2, 3);
            long reader = strange % WORKERS + 1;
            readAll(reader);
            assertTrue(peer.isAlive());
        }
        assertEquals(content.length, storeBytes());
    }

    private static void answerNonsense(ServerSocket socket) {
        try {
            while (true) {
                socket.accept().getOutputStream().write(StoreProbe.bytes(1_000, 1));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Test
    void aStoreThatFailsIsSaidToHaveFailed() throws IOException {
        worker(1).under.deleteFile("big", "");
        for (long id = 1; id <= WORKERS; id++) {
            try (RawClient client = worker(id).connect()) {
                long handle = client.openRead(ticket(worker(id)), ReadType.CACHE);
                client.sendRead(handle, 0, 100, 0);
                assertEquals(
                        io.tarn.protocol.frame.FrameType.ERROR,
                        client.receive().header().type());
            }
        }
    }
}
