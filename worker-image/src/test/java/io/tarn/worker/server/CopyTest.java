package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.Labels;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.StoreProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are to be on two workers, of three. */
@Timeout(60)
class CopyTest {
    private static final long INODE = 77;
    private final byte[] content = StoreProbe.bytes(3 * MIB + 777, 9);
    private final List<ServerFixture> workers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        for (long id = 1; id <= 3; id++) {
            workers.add(new ServerFixture(id));
        }
        tellMembers(worker(2).server.port());
    }

    @AfterEach
    void stop() throws IOException {
        for (ServerFixture each : workers) {
            each.close();
        }
    }

    private ServerFixture worker(int id) {
        return workers.get(id - 1);
    }

    private void tellMembers(int portOfTheSecond) {
        List<Member> members = List.of(
                member(1, worker(1).server.port()),
                member(2, portOfTheSecond),
                member(3, worker(3).server.port()));
        workers.forEach(each -> each.cluster.useMembers(members));
    }

    private static Member member(long id, int port) {
        return Member.newBuilder()
                .setAddress(WorkerAddress.newBuilder()
                        .setWorkerId(id)
                        .setHost("127.0.0.1")
                        .setDataPort(port))
                .build();
    }

    private Member member(long id, String zone) {
        Member.Builder member = member(id, worker((int) id).server.port()).toBuilder();
        member.getAddressBuilder().putLabels(Labels.ZONE, zone);
        return member.build();
    }

    private SignedTicket ticket() throws IOException {
        return worker(1)
                .sign(Ticket.newBuilder()
                        .setVersion(FileVersion.owned(INODE, 1).toMessage())
                        .setFileId(INODE)
                        .setMayWrite(true)
                        .setWriteType(WriteType.MUST_CACHE)
                        .setCopies(2)
                        .addAllHolders(List.of(1L, 2L, 3L)));
    }

    private void write(RawClient client, long handle, int from, int to) throws IOException {
        for (int offset = from; offset < to; offset += 300_000) {
            client.write(handle, offset, Arrays.copyOfRange(content, offset, Math.min(to, offset + 300_000)));
        }
    }

    private Receipt commit(RawClient client, long handle) throws IOException {
        byte[] answer =
                client.about(FrameType.COMMIT, handle, content.length).orThrow().payload();
        return worker(1).cluster.signer().check(SignedReceipt.parseFrom(answer));
    }

    private void requireAll(int id) throws IOException {
        Ticket.Builder ticket = Ticket.newBuilder()
                .setVersion(FileVersion.owned(INODE, 1).toMessage())
                .setLengthBytes(content.length);
        try (RawClient client = worker(id).connect()) {
            long handle = client.openRead(worker(id).sign(ticket), ReadType.CACHE);
            assertArrayEquals(content, client.read(handle, 0, content.length));
        }
    }

    @Test
    void theOtherCopyIsInAnotherZoneWhereThereIsOne() throws IOException {
        List<Member> members = List.of(member(1, "a"), member(2, "a"), member(3, "b"));
        workers.forEach(each -> each.cluster.useMembers(members));
        try (RawClient client = worker(1).connect()) {
            long handle = client.openWrite(ticket());
            write(client, handle, 0, content.length);
            assertEquals(List.of(1L, 3L), commit(client, handle).getWorkerIdsList());
        }
        requireAll(3);
        assertEquals(0, worker(2).pages.files());
    }

    @Test
    void whatIsCommittedIsOnTwoWorkers() throws IOException {
        try (RawClient client = worker(1).connect()) {
            long handle = client.openWrite(ticket());
            write(client, handle, 0, content.length);
            assertEquals(List.of(1L, 2L), commit(client, handle).getWorkerIdsList());
        }
        requireAll(1);
        requireAll(2);
        assertEquals(0, worker(3).pages.files());
    }

    @Test
    void aCopyThatIsLostIsMadeOnAnotherWorkerFromItsBeginning() throws IOException {
        try (RawClient client = worker(1).connect()) {
            long handle = client.openWrite(ticket());
            write(client, handle, 0, MIB + 5);
            worker(2).server.close();
            write(client, handle, MIB + 5, 2 * MIB);
            client.flush(handle, false);
            write(client, handle, 2 * MIB, content.length);
            assertEquals(List.of(1L, 3L), commit(client, handle).getWorkerIdsList());
        }
        requireAll(1);
        requireAll(3);
    }

    @Test
    void aCopyThatIsLostAtTheEndIsMadeOnAnotherWorker() throws IOException {
        try (RawClient client = worker(1).connect()) {
            long handle = client.openWrite(ticket());
            write(client, handle, 0, content.length);
            worker(2).server.close();
            assertEquals(List.of(1L, 3L), commit(client, handle).getWorkerIdsList());
        }
        requireAll(3);
    }

    @Test
    void whereNobodyTakesACopyNothingIsWritten() throws IOException {
        worker(2).server.close();
        worker(3).server.close();
        try (RawClient client = worker(1).connect()) {
            TarnException failure = assertThrows(TarnException.class, () -> client.openWrite(ticket()));
            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
            assertTrue(String.valueOf(failure.getMessage()).contains("no other worker is left"), failure.getMessage());
        }
        assertEquals(0, worker(1).pages.files());
    }

    @Test
    void aPeerThatSaysNothingOrNonsenseIsReplaced() throws IOException {
        for (byte[] answer : List.of(new byte[0], StoreProbe.bytes(1_000, 1))) {
            try (ServerSocket strange = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                    RawClient client = worker(1).connect()) {
                tellMembers(strange.getLocalPort());
                List<Socket> accepted = new ArrayList<>();
                Thread peer = Thread.ofVirtual().start(() -> {
                    try {
                        Socket socket = strange.accept();
                        accepted.add(socket);
                        socket.getOutputStream().write(answer);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                long handle = client.openWrite(ticket());
                write(client, handle, 0, content.length);
                assertEquals(List.of(1L, 3L), commit(client, handle).getWorkerIdsList());
                assertTrue(!peer.isAlive() && accepted.size() == 1);
            }
            requireAll(3);
            for (int id : new int[] {1, 3}) {
                worker(id).pages.delete(FileVersion.owned(INODE, 1));
            }
        }
    }

    @Test
    void whatWasFlushedIsOnBothWhenTheWriterGoes() throws IOException {
        SignedTicket ticket = ticket();
        try (RawClient client = worker(1).connect()) {
            long handle = client.openWrite(ticket);
            write(client, handle, 0, MIB + 5);
            client.flush(handle, false);
        }
        for (int id : new int[] {1, 2}) {
            ServerFixture worker = worker(id);
            worker.sealing.order(ticket);
            ServerFixture.await("the receipt", () -> !worker.sealing.receipts().isEmpty());
            Receipt receipt =
                    worker.cluster.signer().check(worker.sealing.receipts().getFirst());
            assertEquals(MIB + 5, receipt.getLengthBytes());
            assertEquals(List.of((long) id), receipt.getWorkerIdsList());
        }
    }

    @Test
    void aWholeFileIsGivenToAnotherWorkerWhenTheMasterAsks() throws IOException {
        try (RawClient client = worker(1).connect()) {
            long handle = client.openWrite(worker(1).writeTicket(INODE, WriteType.MUST_CACHE, ""));
            write(client, handle, 0, content.length);
            assertEquals(List.of(1L), commit(client, handle).getWorkerIdsList());
        }
        worker(2).server.close();
        SignedTicket order = worker(1)
                .sign(Ticket.newBuilder()
                        .setVersion(FileVersion.owned(INODE, 1).toMessage())
                        .setFileId(INODE)
                        .setLengthBytes(content.length)
                        .setMayWrite(true)
                        .setWriteType(WriteType.MUST_CACHE)
                        .addAllHolders(List.of(2L, 3L)));
        worker(1).copying.order(order);
        ServerFixture.await("the receipt", () -> !worker(1).copying.receipts().isEmpty());
        Receipt receipt =
                worker(1).cluster.signer().check(worker(1).copying.receipts().getFirst());
        assertEquals(content.length, receipt.getLengthBytes());
        assertEquals(List.of(3L), receipt.getWorkerIdsList());
        requireAll(3);
    }
}
