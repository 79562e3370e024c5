package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.WriteType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is renamed while its next version is being written: owned, in a store that renames, and in one that copies. */
class RenamedWriterTest {
    private final ManualClock clock = new ManualClock();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(
                new InMemoryJournal(), new InMemoryStateStore(), new MemoryStores(clock::millis), clock);
        harness.mkdir("/own");
        MountOptions.Builder behind =
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.ASYNC_THROUGH);
        harness.mount("/store", "memory://a/", behind);
        harness.mount("/object", "object://b/", behind);
        harness.put("memory://a/", "kept", 10);
        harness.put("object://b/", "kept", 10);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/own/", "/store/", "/object/"})
    void theNextVersionAppearsUnderTheNewName(String top) throws TarnException {
        harness.write(top + "file", 10);
        rename(top, "file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/store/", "/object/"})
    void ofAFileThatTheStoreHoldsToo(String top) throws TarnException {
        rename(top, "kept");
    }

    private void rename(String top, String name) throws TarnException {
        CreateResponse append = harness.append(top + name);
        harness.rename(top + name, top + "renamed", false);
        assertEquals(10, harness.status(top + "renamed").getLengthBytes());
        harness.complete(append, 25);
        assertEquals(25, harness.status(top + "renamed").getLengthBytes());
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status(top + name)));
    }

    @Test
    void twoWritersDoNotMeet() throws TarnException {
        for (String top : List.of("/own/", "/store/", "/object/")) {
            harness.write(top + "one", 1);
            CreateResponse one = harness.append(top + "one");
            CreateResponse two = harness.create(top + "two", false);
            assertEquals(ErrorCode.LEASE_CONFLICT, codeOf(() -> harness.rename(top + "one", top + "two", true)));
            harness.complete(one, 5);
            harness.complete(two, 7);
            assertEquals(5, harness.status(top + "one").getLengthBytes());
            assertEquals(7, harness.status(top + "two").getLengthBytes());
        }
    }
}
