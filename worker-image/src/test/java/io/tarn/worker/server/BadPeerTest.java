package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.ReadType;
import io.tarn.runtime.config.DataSize;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.fill.FillSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that send rubbish, announce too much, dawdle, or ask and never take: each is cut off, and the others are served. */
@Timeout(60)
class BadPeerTest {
    private static final int LENGTH = 4 * MIB;

    private final byte[] content = StoreProbe.bytes(LENGTH, 1);
    private final Random random = new Random(11);
    private ServerFixture fixture;
    private StoreStatus status;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture(64, FillSettings.DEFAULT, BadPeerTest::strict);
        status = fixture.probe.put("file", content);
    }

    private static ServerSettings strict(ServerSettings settings) {
        return new ServerSettings(
                settings.bindHost(),
                settings.dataPort(),
                settings.socketPath(),
                2,
                20,
                3,
                8,
                new DataSize(MIB),
                Duration.ofMillis(1500),
                Duration.ofMillis(1500),
                Duration.ofMinutes(10),
                Duration.ZERO);
    }

    /** Whatever happened before, a proper client is served, and nothing is held for those who went. */
    @AfterEach
    void theServiceGoesOn() throws IOException {
        try (RawClient client = fixture.connect()) {
            long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
            assertArrayEquals(content, client.read(handle, 0, LENGTH));
        }
        ServerFixture.await(
                "connections to close",
                () -> fixture.registry.get("tarn.worker.connections").gauge().value() == 0);
        ServerFixture.await(
                "requests to end",
                () -> fixture.registry
                                .get("tarn.worker.requests.in.flight")
                                .gauge()
                                .value()
                        == 0);
        fixture.close();
    }

    private static byte[] header(FrameHeader header) {
        ByteBuf out = Unpooled.buffer();
        header.write(out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static void sendIgnoringResets(RawClient client, byte[] bytes) {
        try {
            client.sendBytes(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void randomBytesCloseTheConnection() throws IOException {
        for (int i = 0; i < 300; i++) {
            try (RawClient client = i % 2 == 0 ? fixture.connect() : fixture.connectSocket()) {
                byte[] bytes = new byte[48 + random.nextInt(20_000)];
                random.nextBytes(bytes);
                sendIgnoringResets(client, bytes);
                assertTrue(client.closedByServer());
            }
        }
    }

    @Test
    void damagedFramesNeverHurtOthers() throws IOException {
        long before = directMemory();
        for (int i = 0; i < 300; i++) {
            try (RawClient client = fixture.connect()) {
                long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
                FrameType type = FrameType.values()[random.nextInt(FrameType.values().length)];
                byte[] bytes = header(new FrameHeader(
                        type, 0, 0, random.nextInt(FrameHeader.MAX_READ_BYTES), 9, 0, handle, random.nextInt(LENGTH)));
                for (int flips = random.nextInt(3); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                sendIgnoringResets(client, bytes);
                sendIgnoringResets(
                        client, header(FrameHeader.of(FrameType.CLOSE, 10).at(handle, 0)));
            }
        }
        assertTrue(directMemory() - before < 200L * MIB, "memory stays bounded");
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @Test
    void aHugeLengthClosesTheConnection() throws IOException {
        try (RawClient client = fixture.connect()) {
            byte[] bytes = header(FrameHeader.of(FrameType.WRITE, 1));
            ByteBuffer.wrap(bytes).putInt(8, Integer.MAX_VALUE);
            client.sendBytes(ByteBuffer.wrap(bytes));
            assertEquals(
                    ErrorCode.MALFORMED,
                    assertThrows(TarnException.class, () -> client.receive().orThrow())
                            .code());
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void aSlowSenderIsCutOff() throws IOException {
        try (RawClient silent = fixture.connect();
                RawClient slow = fixture.connect()) {
            slow.call(FrameHeader.of(FrameType.PING, slow.nextRequest()), new byte[0]);
            slow.sendBytes(ByteBuffer.wrap(header(FrameHeader.of(FrameType.PING, 5)), 0, 20));
            assertTrue(slow.closedByServer());
            assertTrue(silent.closedByServer());
        }
    }

    @Test
    void oneWhoAsksAndNeverTakesIsCutOffAndOthersAreServedMeanwhile() throws Exception {
        try (RawClient proper = fixture.connect();
                RawClient greedy = fixture.connect()) {
            long handle = greedy.openRead(fixture.ticket(status), ReadType.CACHE);
            long other = proper.openRead(fixture.ticket(status), ReadType.CACHE);
            Thread asking = Thread.ofVirtual().start(() -> {
                byte[] ask = header(new FrameHeader(FrameType.READ, 0, 0, LENGTH, 3, 0, handle, 0));
                try {
                    for (int i = 0; i < 1_000_000; i++) {
                        greedy.sendBytes(ByteBuffer.wrap(ask));
                    }
                } catch (IOException e) {
                    // The server has cut it off, as it should.
                }
            });
            for (int i = 0; i < 20; i++) {
                assertArrayEquals(content, proper.read(other, 0, LENGTH));
            }
            asking.join();
            assertTrue(greedy.closedByServer());
        }
    }

    @Test
    void moreConnectionsThanAllowedAreToldSo() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawClient client = fixture.connect();
                clients.add(client);
                client.call(FrameHeader.of(FrameType.PING, 1), new byte[0]);
            }
            try (RawClient tooMany = fixture.connect()) {
                TarnException busy = assertThrows(
                        TarnException.class, () -> tooMany.receive().orThrow());
                assertEquals(ErrorCode.BUSY, busy.code());
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void moreOpenFilesThanAllowedAreToldSo() throws IOException {
        try (RawClient client = fixture.connect()) {
            for (int i = 0; i < 3; i++) {
                client.openRead(fixture.ticket(status), ReadType.CACHE);
            }
            TarnException busy =
                    assertThrows(TarnException.class, () -> client.openRead(fixture.ticket(status), ReadType.CACHE));
            assertEquals(ErrorCode.BUSY, busy.code());
            client.closeHandle(1);
            client.openRead(fixture.ticket(status), ReadType.CACHE);
        }
    }
}
