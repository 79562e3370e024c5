package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.*;
import io.tarn.testing.understore.StoreCall;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which files tickets say are pinned, and what workers are told that have not heard of a change. */
class PinTest {
    private static final String STORE = "object://bucket/";

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(new InMemoryJournal(), new InMemoryStateStore(), stores, clock);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void set(String path, String value) throws TarnException {
        harness.set(
                SetAttributesRequest.newBuilder()
                        .putSetExtendedAttributes("tarn.pinned", ByteString.copyFromUtf8(value)),
                path);
    }

    private void unset(String path) throws TarnException {
        harness.set(SetAttributesRequest.newBuilder().addRemoveExtendedAttributes("tarn.pinned"), path);
    }

    private boolean isPinned(String path) throws TarnException {
        return harness.check(harness.open(path).getTicket()).getPinned();
    }

    private void mount() throws TarnException {
        harness.put(STORE, "d/e/f", 3);
        harness.put(STORE, "d/g", 3);
        harness.put(STORE, "h", 3);
        harness.mount("/m", STORE);
    }

    @Test
    void aPinHoldsForAllBelowAndExceptionsForWhatIsBelowThem() throws TarnException {
        mount();
        set("/m/d", "true");
        assertTrue(isPinned("/m/d/e/f"));
        assertTrue(isPinned("/m/d/g"));
        assertFalse(isPinned("/m/h"));
        harness.as("alice");
        assertTrue(isPinned("/m/d/e/f"), "who does not go straight to the place sees the same");
        harness.as(NamespaceHarness.ROOT);

        set("/m/d/e", "false");
        assertFalse(isPinned("/m/d/e/f"));
        set("/m/d/e/f", "true");
        assertTrue(isPinned("/m/d/e/f"));
        unset("/m/d");
        assertFalse(isPinned("/m/d/g"));
    }

    @Test
    void aPinOfTheMountPointHoldsToTheNextMount() throws TarnException {
        mount();
        harness.put("object://other/", "f", 3);
        harness.mount("/m/other", "object://other/");
        set("/m", "true");
        assertTrue(isPinned("/m/d/e/f"));
        assertFalse(isPinned("/m/other/f"));
    }

    @Test
    void whatIsWrittenBelowAPinIsPinned() throws TarnException {
        mount();
        set("/m/d", "true");
        assertTrue(harness.check(harness.create("/m/d/new", false).getTicket()).getPinned());
        assertFalse(harness.check(harness.create("/m/new", false).getTicket()).getPinned());
        harness.mkdir("/owned");
        set("/owned", "true");
        CreateResponse created = harness.create("/owned/file", false);
        assertTrue(harness.check(created.getTicket()).getPinned());
        harness.complete(created, 5);
        assertTrue(isPinned("/owned/file"));
    }

    @Test
    void pinsAreTakenOnReadOnlyMountsAndAskTheStoreForNoChange() throws TarnException {
        harness.put(STORE, "f", 3);
        harness.mount("/m", STORE, MountOptions.newBuilder().setReadOnly(true).setSyncIntervalMillis(60_000));
        set("/m/f", "true");
        assertTrue(isPinned("/m/f"));
        assertEquals(0, stores.store(STORE).faults().calls(StoreCall.SET_ATTRIBUTES));
        SetAttributesRequest.Builder mode = SetAttributesRequest.newBuilder().setMode(0600);
        assertEquals(ErrorCode.READ_ONLY, codeOf(() -> harness.set(mode, "/m/f")));
    }

    @Test
    void onlyTrueAndFalseAreTaken() throws TarnException {
        harness.mkdir("/d");
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> set("/d", "yes")));
    }

    private boolean isStillPinned(PinnedFile file) {
        return harness.namespace.unpinned(List.of(file)).isEmpty();
    }

    private PinnedFile pinnedFile(String path) throws TarnException {
        Ticket ticket = harness.check(harness.open(path).getTicket());
        PinnedFile.Builder file = PinnedFile.newBuilder().setVersion(ticket.getVersion());
        return ticket.hasBacking() ? file.setBacking(ticket.getBacking()).build() : file.build();
    }

    @Test
    void aWorkerHearsThatAFileOfAStoreIsPinnedNoMore() throws TarnException {
        mount();
        set("/m/d", "true");
        PinnedFile file = pinnedFile("/m/d/e/f");
        PinnedFile other = pinnedFile("/m/d/g");
        assertTrue(isStillPinned(file));
        unset("/m/d");
        assertFalse(isStillPinned(file));
        set("/m/d", "true");
        assertTrue(isStillPinned(file));

        CreateResponse created = harness.create("/m/d/new", false);
        Backing place = file.getBacking().toBuilder().setPath("d/new").build();
        PinnedFile coming = PinnedFile.newBuilder()
                .setVersion(FileVersion.mirrored(place.getMountId(), place.getPath(), "unheard of")
                        .toMessage())
                .setBacking(place)
                .build();
        assertTrue(isStillPinned(coming), "the writer has not completed it");
        harness.complete(created, 5);
        assertEquals(harness.status("/m/d/new").getPersistence() == Persistence.OWNED, isStillPinned(coming));

        harness.put(STORE, "d/e/f", 4);
        assertTrue(isStillPinned(file), "nobody has looked");
        harness.sync("/m/d", true);
        assertFalse(isStillPinned(file), "another version");
        harness.delete("/m/d/g", false);
        assertFalse(isStillPinned(other));
        PinnedFile fresh = pinnedFile("/m/d/e/f");
        harness.unmount("/m");
        assertFalse(isStillPinned(fresh));
    }

    @Test
    void aWorkerHearsThatAnOwnedFileIsPinnedNoMore() throws TarnException {
        harness.mkdir("/pinned");
        harness.mkdir("/other");
        set("/pinned", "true");
        CreateResponse created = harness.create("/pinned/f", false);
        PinnedFile file = PinnedFile.newBuilder()
                .setVersion(harness.check(created.getTicket()).getVersion())
                .build();
        assertTrue(isStillPinned(file), "while it is written");
        harness.complete(created, 5);
        assertTrue(isStillPinned(file));
        harness.rename("/pinned/f", "/pinned/g", false);
        assertTrue(isStillPinned(file));
        harness.rename("/pinned/g", "/other/g", false);
        assertFalse(isStillPinned(file));
        harness.rename("/other/g", "/pinned/g", false);
        assertTrue(isStillPinned(file));
        harness.delete("/pinned/g", false);
        assertFalse(isStillPinned(file));
    }
}
