package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.*;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What directories and mounts say of where data are to be, and what comes of it for files. */
class PlacementTest {
    private static final String STORE = "object://bucket/";

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(journal, new InMemoryStateStore(), stores, clock);
        harness.workers.labels = Map.of("zone", "a");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void set(String path, String attribute, String value) throws TarnException {
        harness.set(
                SetAttributesRequest.newBuilder().putSetExtendedAttributes(attribute, ByteString.copyFromUtf8(value)),
                path);
    }

    private void unset(String path, String attribute) throws TarnException {
        harness.set(SetAttributesRequest.newBuilder().addRemoveExtendedAttributes(attribute), path);
    }

    private String homes(String path) throws TarnException {
        return harness.check(harness.open(path).getTicket()).getHomeWorkers();
    }

    private void mount() throws TarnException {
        harness.put(STORE, "d/e/f", 3);
        harness.put(STORE, "h", 3);
        harness.mount("/m", STORE);
    }

    @Test
    void theNearestDirectoryOrMountDecides() throws TarnException {
        mount();
        assertEquals("", homes("/m/d/e/f"));
        set("/m", "tarn.workers", "zone=a");
        assertEquals("zone=a", homes("/m/d/e/f"));
        set("/m/d", "tarn.workers", " zone=a , disk!=hdd");
        assertEquals("zone=a,disk!=hdd", homes("/m/d/e/f"));
        assertEquals("zone=a", homes("/m/h"));
        harness.as("alice");
        assertEquals("zone=a,disk!=hdd", homes("/m/d/e/f"), "who does not go straight to the place sees the same");
        harness.as(NamespaceHarness.ROOT);
        set("/m/d/e", "tarn.workers", "any");
        assertEquals("", homes("/m/d/e/f"));
        unset("/m/d/e", "tarn.workers");
        unset("/m/d", "tarn.workers");
        assertEquals("zone=a", homes("/m/d/e/f"));
    }

    @Test
    void itIsJournaledAndASecondMountBeginsAnew() throws TarnException {
        mount();
        harness.put("object://other/", "f", 3);
        harness.mount("/m/other", "object://other/");
        set("/m", "tarn.workers", "zone=a");
        harness.close();
        harness = new NamespaceHarness(journal, new InMemoryStateStore(), stores, clock);
        harness.workers.labels = Map.of("zone", "a");
        assertEquals("zone=a", homes("/m/h"));
        assertEquals("", homes("/m/other/f"));
    }

    @Test
    void nonsenseIsRefused() throws TarnException {
        harness.mkdir("/d");
        for (String text : new String[] {"zone", "", "zone=a,"}) {
            assertEquals(
                    ErrorCode.INVALID_ARGUMENT, NamespaceHarness.codeOf(() -> set("/d", "tarn.workers", text)), text);
        }
        for (String text : new String[] {"0", "17", "many", "-1"}) {
            TarnException refused = assertThrows(TarnException.class, () -> set("/d", "tarn.copies", text));
            assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
            assertTrue(refused.getMessage().contains("1 to 16"), refused.getMessage());
        }
        set("/d", "tarn.copies", "16");
    }

    @Test
    void whereNoWorkerMatchesFilesAreReadAndNotWritten() throws TarnException {
        mount();
        harness.mkdir("/d");
        harness.write("/d/before", 5);
        for (String directory : new String[] {"/m", "/d"}) {
            set(directory, "tarn.workers", "zone=b");
            TarnException refused = assertThrows(TarnException.class, () -> harness.create(directory + "/new", false));
            assertEquals(ErrorCode.UNAVAILABLE, refused.code());
            assertTrue(
                    refused.getMessage().contains("zone=b")
                            && refused.getMessage().contains("tarn place"),
                    refused.getMessage());
        }
        assertEquals(1, harness.open("/m/h").getWorkersCount());
        assertEquals(1, harness.open("/d/before").getWorkersCount());
        harness.workers.labels = Map.of("zone", "b");
        harness.write("/d/new", 5);
    }

    @Test
    void ownedFilesAreFoundUpwards() throws TarnException {
        mount();
        harness.mkdir("/x/y");
        set("/x", "tarn.workers", "zone=a");
        set("/x/y", "tarn.copies", "3");
        set("/m/d", "tarn.copies", "4");
        set("/m", "tarn.workers", "zone!=z");
        assertEquals("zone=a 3", placement(harness.write("/x/y/file", 5)));
        assertEquals("zone=a 0", placement(harness.write("/x/file", 5)));
        MountOptions.Builder later = MountOptions.newBuilder().setWriteType(WriteType.ASYNC_THROUGH);
        harness.mount("/later", "object://later/", later.setSyncIntervalMillis(60_000));
        harness.mkdir("/later/a/b");
        set("/later", "tarn.workers", "zone=a");
        set("/later/a", "tarn.copies", "2");
        assertEquals("zone=a 2", placement(harness.write("/later/a/b/file", 5)));
        assertEquals("any 0", placement(harness.write("/file", 5)));
    }

    private String placement(FileStatus status) {
        NamespaceView view = new NamespaceView(harness.store);
        Inode inode = view.inode(status.getId());
        Placement placement = new Placements().of(Objects.requireNonNull(inode), view);
        return placement.workers() + " " + placement.copies();
    }
}
