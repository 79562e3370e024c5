package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.StoreCall;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of stores that fail, and have happened all the same, or have half happened. */
class LostAnswerTest {
    private static final String FILES = "memory://files/";
    private static final String OBJECTS = "object://bucket/";
    private static final TarnException LOST = new TarnException(ErrorCode.STORE_UNAVAILABLE, "lost");

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(new InMemoryJournal(), new InMemoryStateStore(), stores, clock);
        MountOptions.Builder options = MountOptions.newBuilder().setSyncIntervalMillis(60_000);
        harness.mount("/files", FILES, options);
        harness.mount("/objects", OBJECTS, options);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private FaultyUnderStore files() {
        return stores.store(FILES);
    }

    @Test
    void aRenameWhoseAnswerIsLostHasHappened() throws TarnException {
        harness.put(FILES, "a", 3);
        files().faults().loseAnswers(StoreCall.RENAME, 1, LOST);
        harness.rename("/files/a", "/files/b", false);
        assertEquals(List.of("b"), harness.names("/files"));
    }

    @Test
    void whatOthersPutUnderTheOldNameSinceDoesNotReplaceWhatWasRenamed() throws TarnException {
        harness.put(FILES, "a", 3);
        assertEquals(List.of("a"), harness.names("/files"));
        files().faults().loseAnswers(StoreCall.RENAME, 1, LOST);
        files().faults().fail(StoreCall.STATUS, 1_000, LOST);
        assertEquals(ErrorCode.STORE_UNAVAILABLE, codeOf(() -> harness.rename("/files/a", "/files/b", false)));
        files().faults().clear();
        harness.put(FILES, "a", 7);
        recover();
        assertEquals(List.of("a", "b"), harness.names("/files"));
        assertEquals(3, harness.status("/files/b").getLengthBytes());
        assertEquals(7, harness.status("/files/a").getLengthBytes());
    }

    private void recover() throws TarnException {
        for (int i = 0; i < 1_000_000 && !harness.namespace.isRecovered(); i++) {
            harness.namespace.runBackground();
            Thread.onSpinWait();
        }
        clock.advance(Duration.ofHours(1));
    }

    @Test
    void aRenameOfWhatOthersHaveRemovedHasNotHappened() throws TarnException {
        harness.put(FILES, "a", 3);
        harness.put(FILES, "b", 4);
        assertEquals(List.of("a", "b"), harness.names("/files"));
        assertTrue(files().deleteFile("a", ""));
        assertEquals(ErrorCode.STORE_NOT_FOUND, codeOf(() -> harness.rename("/files/a", "/files/b", true)));
        assertEquals(4, harness.status("/files/b").getLengthBytes());
        assertEquals(List.of("b"), harness.names("/files"));
    }

    @Test
    void aDirectoryThatWasToBeReplacedIsThereAfterARenameThatFailed() throws TarnException {
        harness.put(FILES, "a/f", 3);
        files().createDirectory("b");
        files().faults().fail(StoreCall.RENAME, 1, LOST);
        assertEquals(ErrorCode.STORE_UNAVAILABLE, codeOf(() -> harness.rename("/files/a", "/files/b", true)));
        assertEquals(List.of("a", "b"), harness.names("/files"));
    }

    @Test
    void aRenameWhoseCopiesCannotBeRemovedIsCarriedOn() throws TarnException {
        harness.put(OBJECTS, "d/f", 3);
        harness.put(OBJECTS, "d/g", 3);
        FaultyUnderStore objects = stores.store(OBJECTS);
        objects.faults().loseAnswers(StoreCall.COPY_FILE, 1, LOST);
        objects.faults().fail(StoreCall.DELETE_DIRECTORY, 1, LOST);
        assertEquals(ErrorCode.OUTCOME_UNKNOWN, codeOf(() -> harness.rename("/objects/d", "/objects/e", false)));
        recover();
        assertEquals(List.of("e"), harness.names("/objects"));
        assertEquals(List.of("f", "g"), harness.names("/objects/e"));
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsSeenAtTheNextLook() throws TarnException {
        harness.put(FILES, "a", 3);
        files().faults().loseAnswers(StoreCall.DELETE_FILE, 1, LOST);
        assertEquals(ErrorCode.STORE_UNAVAILABLE, codeOf(() -> harness.delete("/files/a", false)));
        assertEquals(List.of(), harness.names("/files"));
    }
}
