package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SetAttributesRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** POSIX permissions. Alice owns, Bob is in her group, Carol is anybody, Dave is in the supergroup. */
class PermissionTest {
    private static final Map<String, List<String>> GROUPS = Map.of(
            "alice", List.of("staff", "other"),
            "bob", List.of("staff"),
            "carol", List.of("guests"),
            "dave", List.of("supergroup"));

    private final ManualClock clock = new ManualClock();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(
                new InMemoryJournal(), new InMemoryStateStore(), new MemoryStores(clock::millis), clock, GROUPS);
        harness.mkdir("/d");
        chown("/d", "alice", "staff");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void chown(String path, String owner, String group) throws TarnException {
        harness.as("root").set(SetAttributesRequest.newBuilder().setOwner(owner).setGroup(group), path);
    }

    private void chmod(String path, int mode) throws TarnException {
        harness.as("root").set(SetAttributesRequest.newBuilder().setMode(mode), path);
    }

    private static void assertAllowed(boolean allowed, NamespaceHarness.Attempt attempt) {
        assertEquals(allowed ? null : ErrorCode.PERMISSION_DENIED, codeOf(attempt));
    }

    @ParameterizedTest
    @CsvSource({
        "700, alice, true, true, true",
        "700, bob, false, false, false",
        "770, bob, true, true, true",
        "750, bob, true, false, true",
        "740, bob, true, false, false",
        "710, bob, false, false, true",
        "770, carol, false, false, false",
        "705, carol, true, false, true",
        "077, alice, false, false, false",
        "000, dave, true, true, true",
        "000, root, true, true, true"
    })
    void aDirectoryIsListedChangedAndEnteredByItsModes(
            String mode, String user, boolean listed, boolean changed, boolean entered) throws TarnException {
        harness.write("/d/f", 1);
        chmod("/d/f", 0666);
        chmod("/d", Integer.parseInt(mode, 8));
        harness.as(user);
        assertAllowed(listed, () -> harness.names("/d"));
        assertAllowed(entered, () -> harness.open("/d/f"));
        assertAllowed(changed, () -> harness.mkdir("/d/e"));
        assertAllowed(changed, () -> harness.write("/d/g", 1));
        assertAllowed(changed, () -> harness.rename("/d/f", "/d/h", false));
        assertAllowed(changed, () -> harness.delete(changed ? "/d/h" : "/d/f", false));
    }

    @ParameterizedTest
    @CsvSource({"600, alice, true, true", "600, bob, false, false", "640, bob, true, false", "602, carol, false, true"})
    void aFileIsReadAndOverwrittenByItsModes(String mode, String user, boolean read, boolean written)
            throws TarnException {
        chmod("/d", 0777);
        harness.as("alice").write("/d/f", 1);
        chmod("/d/f", Integer.parseInt(mode, 8));
        harness.as(user);
        assertAllowed(read, () -> harness.open("/d/f"));
        assertAllowed(written, () -> harness.write("/d/f", 2));
    }

    @Test
    void inAStickyDirectoryOnlyOwnersRemove() throws TarnException {
        chmod("/d", 01777);
        harness.as("bob").write("/d/f", 1);
        assertAllowed(false, () -> harness.as("carol").delete("/d/f", false));
        assertAllowed(false, () -> harness.as("carol").rename("/d/f", "/d/g", false));
        harness.as("carol").write("/d/mine", 1);
        assertAllowed(false, () -> harness.as("carol").rename("/d/mine", "/d/f", true));
        assertAllowed(true, () -> harness.as("bob").rename("/d/f", "/d/g", false));
        assertAllowed(true, () -> harness.as("alice").delete("/d/g", false));
    }

    @Test
    void whoChangesAttributes() throws TarnException {
        SetAttributesRequest.Builder mode = SetAttributesRequest.newBuilder().setMode(0711);
        assertAllowed(true, () -> harness.as("alice").set(mode, "/d"));
        assertAllowed(false, () -> harness.as("bob").set(mode, "/d"));
        SetAttributesRequest.Builder owner = SetAttributesRequest.newBuilder().setOwner("bob");
        assertAllowed(false, () -> harness.as("alice").set(owner, "/d"));
        assertAllowed(true, () -> harness.as("dave").set(owner, "/d"));
        chown("/d", "alice", "staff");
        assertAllowed(
                true,
                () -> harness.as("alice").set(SetAttributesRequest.newBuilder().setGroup("other"), "/d"));
        assertAllowed(
                false,
                () -> harness.as("alice").set(SetAttributesRequest.newBuilder().setGroup("guests"), "/d"));
        SetAttributesRequest.Builder attribute =
                SetAttributesRequest.newBuilder().putSetExtendedAttributes("user.a", ByteString.copyFromUtf8("b"));
        assertAllowed(false, () -> harness.as("carol").set(attribute, "/d"));
        assertAllowed(true, () -> harness.as("alice").set(attribute, "/d"));
    }

    @Test
    void newEntriesBelongToTheirMaker() throws TarnException {
        chmod("/d", 0777);
        harness.as("carol").mkdir("/d/e");
        assertEquals("carol", harness.status("/d/e").getOwner());
        assertEquals("guests", harness.status("/d/e").getGroup());
        chmod("/d", 02777);
        harness.as("carol").write("/d/f", 1);
        assertEquals("staff", harness.status("/d/f").getGroup(), "the directory says so");
    }

    @Test
    void extendedAttributesAreBounded() {
        SetAttributesRequest.Builder large = SetAttributesRequest.newBuilder()
                .putSetExtendedAttributes("user.a", ByteString.copyFrom(new byte[70_000]));
        assertEquals(ErrorCode.TOO_LARGE, codeOf(() -> harness.as("root").set(large, "/d")));
        SetAttributesRequest.Builder mode = SetAttributesRequest.newBuilder().setMode(0100000);
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.as("root").set(mode, "/d")));
    }

    @Test
    void aCallWithoutAUserIsRefused() {
        assertEquals(ErrorCode.UNAUTHENTICATED, codeOf(() -> harness.as("").status("/d")));
    }
}
