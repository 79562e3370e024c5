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
import io.tarn.protocol.v1.CheckedFile;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.StoreCall;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damage in cached pages, and a peer that asks for a check. */
@Timeout(60)
class FileCheckTest {
    private static final int LENGTH = 3 * MIB + 5;

    private final byte[] content = StoreProbe.bytes(LENGTH, 1);
    private ServerFixture fixture;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
        client = fixture.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        fixture.close();
    }

    @Test
    void damagedPagesAreFetchedAgain() throws IOException {
        StoreStatus status = fixture.probe.put("file", content);
        long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
        assertEquals(0, check(handle, 0, 0).getCheckedPages());
        assertArrayEquals(content, client.read(handle, 0, LENGTH));
        fixture.storeBytes();
        assertEquals(CheckedFile.newBuilder().setCheckedPages(4).build(), check(handle, 0, 0));
        flip(MIB + 3);
        flip(3 * MIB + 4);
        assertEquals(
                CheckedFile.newBuilder().setCheckedPages(2).setRepairedPages(1).build(), check(handle, 0, MIB + 1));
        assertEquals(
                CheckedFile.newBuilder().setCheckedPages(4).setRepairedPages(1).build(), check(handle, 0, 0));
        assertArrayEquals(content, client.read(handle, 0, LENGTH));
        assertEquals(LENGTH + MIB + 5, fixture.storeBytes());
    }

    @Test
    void withoutTheStoreDamagedPagesAreDroppedUntilItIsBack() throws IOException {
        StoreStatus status = fixture.probe.put("file", content);
        long handle = client.openRead(fixture.ticket(status), ReadType.CACHE);
        assertArrayEquals(content, client.read(handle, 0, LENGTH));
        fixture.storeBytes();
        flip(5);
        fixture.under.faults().fail(StoreCall.READ, 1, new TarnException(ErrorCode.STORE_UNAVAILABLE, "away"));
        assertEquals(
                CheckedFile.newBuilder().setCheckedPages(4).setDroppedPages(1).build(), check(handle, 0, 0));
        assertArrayEquals(content, client.read(handle, 0, LENGTH));
        assertEquals(4, check(handle, 0, 0).getCheckedPages());
    }

    @Test
    void whatNoStoreHasIsLostAndReadersHearWhere() throws IOException {
        FileVersion version = FileVersion.owned(9, 1);
        long writer = client.openWrite(fixture.writeTicket(9, WriteType.MUST_CACHE, ""));
        for (int offset = 0; offset < LENGTH; offset += MIB) {
            int end = Math.min(LENGTH, offset + MIB);
            client.write(writer, offset, java.util.Arrays.copyOfRange(content, offset, end));
        }
        client.about(FrameType.COMMIT, writer, LENGTH);
        flip(2 * MIB + 7);
        long handle = client.openRead(
                fixture.sign(Ticket.newBuilder().setVersion(version.toMessage()).setLengthBytes(LENGTH)),
                ReadType.CACHE);
        CheckedFile checked = check(handle, 0, 0);
        assertEquals(
                CheckedFile.newBuilder()
                        .setCheckedPages(4)
                        .setLostPages(1)
                        .addLostOffsets(2 * MIB)
                        .build(),
                checked);
        TarnException failure = assertThrows(TarnException.class, () -> client.read(handle, 2 * MIB, 100));
        assertEquals(ErrorCode.CORRUPT, failure.code());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("/data/file") && message.contains("at offset " + 2 * MIB), message);
        assertArrayEquals(java.util.Arrays.copyOf(content, MIB), client.read(handle, 0, MIB));
        assertFalse(fixture.pages.unpersistedVersions().isEmpty(), "it is kept");
    }

    private CheckedFile check(long handle, long offset, int length) throws IOException {
        return CheckedFile.parseFrom(client.call(
                        new FrameHeader(FrameType.CHECK, 0, 0, length, client.nextRequest(), 0, handle, offset),
                        new byte[0])
                .payload());
    }

    /** In the only cached file. */
    private void flip(long offset) throws IOException {
        try (Stream<Path> files = Files.walk(fixture.socket().resolveSibling("mem"))) {
            List<Path> data =
                    files.filter(path -> path.toString().endsWith(".data")).toList();
            assertEquals(1, data.size());
            try (RandomAccessFile file = new RandomAccessFile(data.getFirst().toFile(), "rw")) {
                file.seek(offset);
                int old = file.read();
                file.seek(offset);
                file.write(old ^ 1);
            }
        }
    }
}
