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
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is flushed before a file is complete, files that are sealed, and files that begin with another's bytes. */
@Timeout(60)
class FlushTest {
    private final byte[] content = StoreProbe.bytes(3 * MIB + 777, 2);
    private ServerFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private void write(RawClient client, long handle, int from, int to) throws IOException {
        for (int offset = from; offset < to; offset += MIB) {
            client.write(handle, offset, Arrays.copyOfRange(content, offset, Math.min(to, offset + MIB)));
        }
    }

    private Receipt seal(SignedTicket ticket) throws IOException {
        fixture.sealing.order(ticket);
        fixture.sealing.order(ticket);
        ServerFixture.await("the receipt", () -> !fixture.sealing.receipts().isEmpty());
        List<SignedReceipt> receipts = fixture.sealing.receipts();
        fixture.sealing.told(receipts);
        assertTrue(fixture.sealing.receipts().isEmpty());
        return fixture.cluster.signer().check(receipts.getFirst());
    }

    private byte[] read(RawClient client, long inode, int length) throws IOException {
        Ticket.Builder ticket = Ticket.newBuilder()
                .setVersion(FileVersion.owned(inode, 1).toMessage())
                .setLengthBytes(length);
        return client.read(client.openRead(fixture.sign(ticket), ReadType.CACHE), 0, length);
    }

    @Test
    void flushesInsideAPageDoNotDisturbTheFile() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(11, WriteType.MUST_CACHE, ""));
            client.flush(handle, false);
            int offset = 0;
            for (int bytes : new int[] {1, 4095, 1, 500_000, MIB, 700_000}) {
                client.write(handle, offset, Arrays.copyOfRange(content, offset, offset + bytes));
                offset += bytes;
                assertEquals(
                        offset, client.flush(handle, bytes % 2 == 1).header().offset());
            }
            write(client, handle, offset, content.length);
            client.about(FrameType.COMMIT, handle, content.length);
            assertArrayEquals(content, read(client, 11, content.length));
        }
    }

    @Test
    void aLostWriterLeavesWhatItFlushedToBeSealedThere() throws IOException {
        SignedTicket ticket = fixture.writeTicket(12, WriteType.ASYNC_THROUGH, "file");
        int flushed = MIB + 4321;
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(ticket);
            write(client, handle, 0, flushed);
            client.flush(handle, false);
            client.write(handle, flushed, Arrays.copyOfRange(content, flushed, content.length));
        }
        Receipt receipt = seal(ticket);
        assertEquals(flushed, receipt.getLengthBytes());
        assertEquals(12, receipt.getFileId());
        assertEquals(flushed, seal(ticket).getLengthBytes(), "once more is the same");
        try (RawClient client = fixture.connect()) {
            assertArrayEquals(Arrays.copyOf(content, flushed), read(client, 12, flushed));
        }
    }

    @Test
    void sealingEndsAWriterThatIsStillThere() throws IOException {
        SignedTicket ticket = fixture.writeTicket(13, WriteType.MUST_CACHE, "");
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(ticket);
            write(client, handle, 0, 2 * MIB);
            client.flush(handle, true);
            assertEquals(2 * MIB, seal(ticket).getLengthBytes());
            assertEquals(
                    ErrorCode.LEASE_EXPIRED, failure(() -> client.write(handle, 2 * MIB, Arrays.copyOf(content, 100))));
            assertArrayEquals(Arrays.copyOf(content, 2 * MIB), read(client, 13, 2 * MIB));
        }
    }

    @Test
    void whatWasNeverFlushedIsSealedAsNothing() throws IOException {
        SignedTicket ticket = fixture.writeTicket(14, WriteType.MUST_CACHE, "");
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(ticket);
            write(client, handle, 0, 2 * MIB);
            assertEquals(0, seal(ticket).getLengthBytes());
        }
        assertEquals(0, seal(ticket).getLengthBytes());
        assertEquals(0, fixture.pages.files());
    }

    @Test
    void anAbortDropsWhatWasFlushed() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(15, WriteType.MUST_CACHE, ""));
            write(client, handle, 0, MIB + 5);
            client.flush(handle, false);
            client.about(FrameType.ABORT, handle, 0);
            assertEquals(0, fixture.pages.files());
        }
    }

    @Test
    void aWriterThatBeginsAgainFindsNothingOfTheEarlierOne() throws IOException {
        SignedTicket ticket = fixture.writeTicket(16, WriteType.MUST_CACHE, "");
        try (RawClient client = fixture.connect();
                RawClient second = fixture.connect()) {
            long handle = client.openWrite(ticket);
            client.write(handle, 0, new byte[MIB + 5]);
            client.flush(handle, false);
            long again = second.openWrite(ticket);
            assertEquals(ErrorCode.LEASE_EXPIRED, failure(() -> client.write(handle, MIB + 5, new byte[1])));
            write(second, again, 0, content.length);
            second.about(FrameType.COMMIT, again, content.length);
            assertArrayEquals(content, read(second, 16, content.length));
        }
    }

    @Test
    void aRefusedFlushDoesNotEndTheWrite() throws IOException {
        try (RawClient client = fixture.connect()) {
            long through = client.openWrite(fixture.writeTicket(17, WriteType.THROUGH, "through"));
            write(client, through, 0, MIB);
            client.flush(through, false);
            assertEquals(ErrorCode.UNSUPPORTED, failure(() -> client.flush(through, true)));
            write(client, through, MIB, content.length);
            client.about(FrameType.COMMIT, through, content.length);
            assertArrayEquals(content, fixture.probe.get("through"));
            long both = client.openWrite(fixture.writeTicket(18, WriteType.CACHE_THROUGH, "both"));
            write(client, both, 0, MIB + 5);
            assertEquals(ErrorCode.UNSUPPORTED, failure(() -> client.flush(both, true)));
            write(client, both, MIB + 5, content.length);
            client.about(FrameType.COMMIT, both, content.length);
            assertArrayEquals(content, fixture.probe.get("both"));
        }
    }

    @Test
    void aFlushWithoutRoomIsRefusedAndTheWriteGoesOnWhenThereIsRoom() throws IOException {
        fixture.close();
        fixture = new ServerFixture(16, io.tarn.worker.fill.FillSettings.DEFAULT, settings -> settings);
        byte[] piece = StoreProbe.bytes(MIB, 5);
        try (RawClient client = fixture.connect()) {
            long filler = client.openWrite(fixture.writeTicket(21, WriteType.MUST_CACHE, ""));
            for (int i = 0; i < 14; i++) {
                client.write(filler, (long) i * MIB, piece);
            }
            client.about(FrameType.COMMIT, filler, 14L * MIB);
            long handle = client.openWrite(fixture.writeTicket(22, WriteType.MUST_CACHE, ""));
            client.write(handle, 0, piece);
            client.write(handle, MIB, Arrays.copyOf(piece, MIB - 1));
            assertEquals(ErrorCode.NO_SPACE, failure(() -> client.flush(handle, false)));
            fixture.pages.delete(FileVersion.owned(21, 1));
            client.flush(handle, false);
            client.write(handle, 2 * MIB - 1, Arrays.copyOfRange(piece, MIB - 1, MIB));
            client.about(FrameType.COMMIT, handle, 2 * MIB);
            byte[] read = read(client, 22, 2 * MIB);
            assertArrayEquals(piece, Arrays.copyOfRange(read, MIB, 2 * MIB));
        }
    }

    @Test
    void aNewVersionBeginsWithTheOldOnesBytes() throws IOException {
        StoreStatus old = fixture.probe.put("old", content);
        try (RawClient client = fixture.connect()) {
            long reader = client.openRead(fixture.ticket(old), ReadType.CACHE);
            client.read(reader, MIB, MIB);
            int kept = 2 * MIB + 99;
            for (WriteType type : List.of(WriteType.MUST_CACHE, WriteType.CACHE_THROUGH)) {
                long inode = 30 + type.getNumber();
                long handle = client.openWrite(
                        fixture.writeTicket(inode, type, type == WriteType.MUST_CACHE ? "" : "new"),
                        fixture.ticket(old),
                        kept);
                client.write(handle, kept, new byte[] {1, 2, 3});
                client.about(FrameType.COMMIT, handle, kept + 3);
                byte[] expected = Arrays.copyOf(content, kept + 3);
                System.arraycopy(new byte[] {1, 2, 3}, 0, expected, kept, 3);
                byte[] written =
                        type == WriteType.MUST_CACHE ? read(client, inode, kept + 3) : fixture.probe.get("new");
                assertArrayEquals(expected, written);
            }
            assertEquals(
                    ErrorCode.INVALID_ARGUMENT,
                    failure(() -> client.openWrite(
                            fixture.writeTicket(40, WriteType.MUST_CACHE, ""),
                            fixture.ticket(old),
                            content.length + 1)));
        }
    }

    @Test
    void anOldVersionThatIsGoneFailsTheWrite() throws IOException {
        StoreStatus old = fixture.probe.put("old", content);
        fixture.probe.put("old", "something else");
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(
                    fixture.writeTicket(41, WriteType.MUST_CACHE, ""), fixture.ticket(old), content.length);
            assertEquals(ErrorCode.STORE_CHANGED, failure(() -> client.write(handle, content.length, new byte[] {1})));
            ServerFixture.await("pages to be dropped", () -> fixture.pages.files() == 0);
        }
    }

    private static ErrorCode failure(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(TarnException.class, action).code();
    }
}
