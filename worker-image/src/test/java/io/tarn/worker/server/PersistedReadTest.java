package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.persist.Persisted;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers, and writers that append, that opened a file before it was brought to its under store. */
@Timeout(60)
class PersistedReadTest {
    private static final FileVersion OWNED = FileVersion.owned(31, 1);

    private final byte[] content = StoreProbe.bytes(2 * MIB + 777, 2);
    private ServerFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void theyGoOnWithThePagesAndWithTheStoreWhereTheseWereEvicted() throws IOException {
        try (RawClient client = fixture.connect()) {
            SignedTicket ticket = write(client);
            long early = client.openRead(ticket, ReadType.CACHE);
            assertArrayEquals(Arrays.copyOf(content, MIB), client.read(early, 0, MIB));

            FileVersion persisted = persist();
            assertArrayEquals(content, client.read(early, 0, content.length));
            assertEquals(0, fixture.storeBytes(), "the pages serve the new version");

            fixture.pages.delete(persisted);
            assertArrayEquals(content, client.read(early, 0, content.length));
            long late = client.openRead(ticket, ReadType.CACHE);
            assertArrayEquals(content, client.read(late, 0, content.length));
            assertEquals(content.length, fixture.storeBytes());
        }
    }

    @Test
    void anAppendThatIsOvertakenBeginsWithWhatTheVersionHasBecome() throws IOException {
        try (RawClient client = fixture.connect()) {
            SignedTicket base = write(client);
            fixture.beforeNextFind.set(() -> assertDoesNotThrow(this::persist));
            long writer = client.openWrite(fixture.writeTicket(32, WriteType.MUST_CACHE, ""), base, content.length);
            client.write(writer, content.length, new byte[] {42}).orThrow();
            client.about(FrameType.COMMIT, writer, content.length + 1).orThrow();

            SignedTicket appended = fixture.sign(Ticket.newBuilder()
                    .setVersion(FileVersion.owned(32, 1).toMessage())
                    .setLengthBytes(content.length + 1));
            byte[] expected = Arrays.copyOf(content, content.length + 1);
            expected[content.length] = 42;
            assertArrayEquals(expected, client.read(client.openRead(appended, ReadType.CACHE), 0, expected.length));
        }
    }

    /** Of {@link #OWNED}, with all of its pages in the page store; gives a ticket for it. */
    private SignedTicket write(RawClient client) throws IOException {
        long writer = client.openWrite(fixture.writeTicket(31, WriteType.ASYNC_THROUGH, "file"));
        for (int offset = 0; offset < content.length; offset += MIB) {
            client.write(writer, offset, Arrays.copyOfRange(content, offset, Math.min(content.length, offset + MIB)));
        }
        client.about(FrameType.COMMIT, writer, content.length);
        assertEquals(1, fixture.pages.unpersistedVersions().size());
        return fixture.sign(Ticket.newBuilder().setVersion(OWNED.toMessage()).setLengthBytes(content.length));
    }

    private FileVersion persist() throws IOException {
        StoreStatus status = fixture.probe.put("file", content);
        Backing backing = Backing.newBuilder()
                .setMountId(ServerFixture.MOUNT)
                .setPath("file")
                .setVersionTag(status.versionTag())
                .build();
        Persisted persisted =
                new Persisted(OWNED, backing, InstantSource.system().millis() + 60_000);
        fixture.persisted.add(persisted);
        try (CachedFile file = fixture.pages.find(OWNED)) {
            assertNotNull(file);
            file.becomePersisted(persisted.version(), 7);
        }
        return persisted.version();
    }
}
