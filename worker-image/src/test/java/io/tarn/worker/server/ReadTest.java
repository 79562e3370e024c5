package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadTest {
    private static final int LENGTH = 5 * MIB + 12_345;

    private final byte[] content = StoreProbe.bytes(LENGTH, 1);
    private ServerFixture fixture;
    private StoreStatus status;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
        status = fixture.probe.put("file", content);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private byte[] part(long offset, int length) {
        return Arrays.copyOfRange(content, (int) offset, (int) offset + length);
    }

    @Test
    void aMissIsServedAndTheNextReadIsAHit() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
            long fetched = fixture.storeBytes();
            assertEquals(LENGTH, fetched);
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
            assertArrayEquals(part(MIB - 10, 4096), client.read(handle, MIB - 10, 4096));
            assertEquals(fetched, fixture.storeBytes());
        }
        assertEquals(LENGTH, fixture.count("tarn.worker.read.bytes", "source", "under_store"));
        assertEquals(LENGTH + 4096, fixture.count("tarn.worker.read.bytes", "source", "mem"));
    }

    @Test
    void theSameOverTheUnixSocket() throws IOException {
        try (RawClient client = fixture.connectSocket()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE_PROMOTE);
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
            assertEquals(LENGTH, fixture.storeBytes());
        }
    }

    @Test
    void whileNoMasterAnswersAnOldTicketServesForWhatIsHere() throws IOException {
        long anHour = Duration.ofHours(1).toMillis();
        try (RawClient client = fixture.connect()) {
            SignedTicket old = fixture.ticket(status, -anHour);
            requireExpired(client, old);
            client.read(client.openRead(fixture.ticket(status), ReadType.CACHE), 0, LENGTH);
            assertArrayEquals(content, client.read(client.openRead(old, ReadType.CACHE), 0, LENGTH));
            requireExpired(client, fixture.ticket(status, -25 * anHour));

            fixture.cluster.setHasMaster(true);
            requireExpired(client, old);
        }
    }

    private static void requireExpired(RawClient client, SignedTicket ticket) {
        TarnException failure = assertThrows(TarnException.class, () -> client.openRead(ticket, ReadType.CACHE));
        assertEquals(ErrorCode.TICKET_EXPIRED, failure.code());
    }

    @Test
    void readsEndAtTheEndOfTheFile() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            assertArrayEquals(part(LENGTH - 100, 100), client.read(handle, LENGTH - 100, 4096));
            assertEquals(0, client.read(handle, LENGTH, 10).length);
            assertEquals(0, client.read(handle, Long.MAX_VALUE, 10).length);
            assertEquals(0, client.read(handle, 0, 0).length);
        }
    }

    @Test
    void anEmptyFileIsRead() throws IOException {
        StoreStatus empty = fixture.probe.put("empty", new byte[0]);
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(empty), ReadType.CACHE);
            assertEquals(0, client.read(handle, 0, 100).length);
        }
    }

    @Test
    void randomReadsFetchOnlyTheirPages() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            assertArrayEquals(part(3 * MIB + 5, 4096), client.read(handle, 3 * MIB + 5, 4096, FrameHeader.RANDOM));
            assertArrayEquals(part(MIB + 5, 4096), client.read(handle, MIB + 5, 4096));
            assertEquals(2 * MIB, fixture.storeBytes());
        }
    }

    @Test
    void sequentialReadsFetchAhead() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            client.read(handle, 0, 4096, FrameHeader.SEQUENTIAL);
            client.read(handle, 4096, 4096, FrameHeader.SEQUENTIAL);
            client.read(handle, 8192, 4096, FrameHeader.SEQUENTIAL);
            ServerFixture.await("pages ahead of the reader", () -> fixture.storeBytes() == LENGTH);
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
            assertEquals(LENGTH, fixture.storeBytes());
        }
    }

    @Test
    void manyPipelinedReadsAreAnsweredRightly() throws IOException {
        Random random = new Random(3);
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            client.read(handle, 0, LENGTH);
            for (int i = 0; i < 300; i++) {
                int offset = random.nextInt(LENGTH);
                int length = random.nextInt(20_000);
                client.sendRead(handle, offset, length, FrameHeader.RANDOM);
                if (i % 20 == 0) {
                    client.send(
                            FrameHeader.of(io.tarn.protocol.frame.FrameType.PING, client.nextRequest()), new byte[0]);
                }
            }
            int lasts = 0;
            while (lasts < 300) {
                RawClient.Reply reply = client.receive().orThrow();
                int offset = (int) reply.header().offset();
                if (reply.header().type() == io.tarn.protocol.frame.FrameType.DATA) {
                    assertArrayEquals(part(offset, reply.payload().length), reply.payload());
                    lasts += reply.header().has(FrameHeader.LAST) ? 1 : 0;
                }
            }
        }
    }

    @Test
    void noCacheStoresNothing() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.NO_CACHE);
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
            assertEquals(0, fixture.pages.files());
            client.closeHandle(handle);
        }
        ServerFixture.await("memory to come back", () -> fixture.fills.pagesInFlight() == 0);
    }

    @Test
    void aFullCachePassesThrough() throws IOException {
        fixture.close();
        fixture = new ServerFixture(16, io.tarn.worker.fill.FillSettings.DEFAULT, settings -> settings);
        byte[] large = StoreProbe.bytes(40 * MIB, 9);
        StoreStatus big = fixture.probe.put("big", large);
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(big), ReadType.CACHE);
            assertArrayEquals(large, client.read(handle, 0, 40 * MIB));
            assertArrayEquals(large, client.read(handle, 0, 40 * MIB));
        }
    }

    @Test
    void ticketsAreChecked() throws IOException {
        try (RawClient client = fixture.connect()) {
            var forged = fixture.ticket(status).toBuilder()
                    .setSignature(com.google.protobuf.ByteString.copyFromUtf8("x"))
                    .build();
            assertEquals(
                    ErrorCode.PERMISSION_DENIED,
                    assertThrows(TarnException.class, () -> client.openRead(forged, ReadType.CACHE))
                            .code());
            assertEquals(
                    ErrorCode.INVALID_ARGUMENT,
                    assertThrows(TarnException.class, () -> client.read(99, 0, 10))
                            .code());
            FrameHeader stale =
                    FrameHeader.of(io.tarn.protocol.frame.FrameType.PING, 77).withEpoch(4);
            assertEquals(
                    ErrorCode.STALE_EPOCH,
                    assertThrows(TarnException.class, () -> client.call(stale, new byte[0]))
                            .code());
            client.call(stale.withEpoch(5), new byte[0]);
        }
    }
}
