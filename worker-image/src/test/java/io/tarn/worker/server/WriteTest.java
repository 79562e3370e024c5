package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteTest {
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

    /** Writes all of the content in pieces of one size and commits it. */
    private Receipt write(RawClient client, long handle, int pieceBytes) throws IOException {
        for (int offset = 0; offset < content.length; offset += pieceBytes) {
            byte[] piece = Arrays.copyOfRange(content, offset, Math.min(content.length, offset + pieceBytes));
            assertEquals(
                    offset + piece.length,
                    client.write(handle, offset, piece).header().offset());
        }
        RawClient.Reply reply = client.about(FrameType.COMMIT, handle, content.length);
        return fixture.cluster.signer().check(SignedReceipt.parseFrom(reply.payload()));
    }

    @Test
    void cacheThroughIsInTheStoreAndCached() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(11, WriteType.CACHE_THROUGH, "dir/new"));
            Receipt receipt = write(client, handle, 100_000);
            assertArrayEquals(content, fixture.probe.get("dir/new"));
            StoreStatus status = fixture.probe.status("dir/new");
            assertEquals(status.versionTag(), receipt.getBacking().getVersionTag());
            assertEquals(content.length, receipt.getLengthBytes());
            assertEquals(11, receipt.getFileId());
            assertEquals(42, receipt.getWorkerIds(0));
            long before = fixture.storeBytes();
            long reader = client.openRead(fixture.ticket(status), ReadType.CACHE);
            assertArrayEquals(content, client.read(reader, 0, content.length));
            assertEquals(before, fixture.storeBytes(), "what was written is cached");
            assertTrue(fixture.pages.unpersistedVersions().isEmpty());
        }
    }

    @Test
    void mustCacheStaysInTheCache() throws IOException {
        try (RawClient client = fixture.connectSocket()) {
            long handle = client.openWrite(fixture.writeTicket(12, WriteType.MUST_CACHE, ""));
            Receipt receipt = write(client, handle, MIB);
            assertFalse(receipt.hasBacking());
            FileVersion version = FileVersion.owned(12, 1);
            assertEquals(1, fixture.pages.unpersistedVersions().size());
            long reader = client.openRead(
                    fixture.sign(
                            Ticket.newBuilder().setVersion(version.toMessage()).setLengthBytes(content.length)),
                    ReadType.CACHE);
            assertArrayEquals(content, client.read(reader, 0, content.length));
        }
    }

    @Test
    void throughLeavesTheCacheAlone() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(13, WriteType.THROUGH, "through"));
            write(client, handle, 250_000);
            assertArrayEquals(content, fixture.probe.get("through"));
            assertEquals(0, fixture.pages.files());
        }
    }

    @Test
    void anEmptyFileIsWritten() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(14, WriteType.CACHE_THROUGH, "empty"));
            client.about(FrameType.COMMIT, handle, 0);
            assertEquals(0, fixture.probe.status("empty").lengthBytes());
        }
    }

    @Test
    void damagedOrMisplacedBytesEndTheWrite() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(15, WriteType.CACHE_THROUGH, "bad"));
            client.write(handle, 0, content);
            FrameHeader damaged =
                    new FrameHeader(FrameType.WRITE, 0, 0, 12345, client.nextRequest(), 0, handle, content.length);
            assertEquals(ErrorCode.CORRUPT, failure(() -> client.call(damaged, new byte[100])));
            assertEquals(ErrorCode.CORRUPT, failure(() -> client.about(FrameType.COMMIT, handle, content.length)));
            long second = client.openWrite(fixture.writeTicket(16, WriteType.CACHE_THROUGH, "bad"));
            assertEquals(ErrorCode.INVALID_ARGUMENT, failure(() -> client.write(second, 10, content)));
            long third = client.openWrite(fixture.writeTicket(17, WriteType.CACHE_THROUGH, "bad"));
            client.write(third, 0, content);
            assertEquals(ErrorCode.INVALID_ARGUMENT, failure(() -> client.about(FrameType.COMMIT, third, 5)));
        }
        nothingIsLeft("bad");
    }

    @Test
    void anAbortLeavesNothing() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(18, WriteType.CACHE_THROUGH, "aborted"));
            client.write(handle, 0, content);
            client.about(FrameType.ABORT, handle, 0);
            nothingIsLeft("aborted");
        }
    }

    @Test
    void aLostConnectionLeavesNothing() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(19, WriteType.CACHE_THROUGH, "lost"));
            client.write(handle, 0, content);
            long cached = client.openWrite(fixture.writeTicket(20, WriteType.MUST_CACHE, ""));
            client.write(cached, 0, content);
        }
        nothingIsLeft("lost");
    }

    private void nothingIsLeft(String path) throws IOException {
        ServerFixture.await("pages to be dropped", () -> fixture.pages.files() == 0);
        assertTrue(fixture.under.status(path).isEmpty());
    }

    @Test
    void whatTheTicketDoesNotAllowIsRefused() throws IOException {
        try (RawClient client = fixture.connect()) {
            StoreStatus status = fixture.probe.put("file", "x");
            assertEquals(ErrorCode.PERMISSION_DENIED, failure(() -> client.openWrite(fixture.ticket(status))));
            assertEquals(
                    ErrorCode.NO_STORE,
                    failure(() -> client.openWrite(fixture.writeTicket(21, WriteType.CACHE_THROUGH, ""))));
        }
    }

    @Test
    void mustCacheWithoutRoomFailsClearlyAndCacheThroughGoesOn() throws IOException {
        fixture.close();
        fixture = new ServerFixture(16, io.tarn.worker.fill.FillSettings.DEFAULT, settings -> settings);
        byte[] piece = StoreProbe.bytes(MIB, 5);
        try (RawClient client = fixture.connect()) {
            long handle = client.openWrite(fixture.writeTicket(22, WriteType.MUST_CACHE, ""));
            assertEquals(ErrorCode.NO_SPACE, failure(() -> {
                for (int i = 0; i < 32; i++) {
                    client.write(handle, (long) i * MIB, piece);
                }
            }));
            ServerFixture.await("pages to be dropped", () -> fixture.pages.files() == 0);
            long through = client.openWrite(fixture.writeTicket(23, WriteType.CACHE_THROUGH, "large"));
            for (int i = 0; i < 32; i++) {
                client.write(through, (long) i * MIB, piece);
            }
            client.about(FrameType.COMMIT, through, 32L * MIB);
            assertEquals(32L * MIB, fixture.probe.status("large").lengthBytes());
        }
    }

    private static ErrorCode failure(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(TarnException.class, action).code();
    }
}
