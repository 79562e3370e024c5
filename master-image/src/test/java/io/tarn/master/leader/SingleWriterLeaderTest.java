package io.tarn.master.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.GatedJournal;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SingleWriterLeaderTest {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final InMemoryJournal memory = new InMemoryJournal();
    private final GatedJournal journal = new GatedJournal(memory);
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private Leader<String> leader = start(LeaderConfig.DEFAULT);

    @AfterEach
    void close() {
        journal.open();
        leader.close();
    }

    @Test
    void answersOnceDurableAndApplied() throws Exception {
        assertEquals("null", leader.submit(TextRecords.put("a", "1")).get());
        assertEquals("1", TextRecords.get(leader.committed(), "a"));
        assertEquals(1, memory.lastSequence());
    }

    @Test
    void neverAnswersBeforeTheJournalHasIt() throws Exception {
        journal.close(1);
        CompletableFuture<String> write = leader.submit(TextRecords.put("a", "1"));
        journal.awaitBlocked();
        CompletableFuture<String> read = leader.submit(TextRecords.read("a"));
        CompletableFuture<String> refusal = leader.submit((state, records) -> {
            throw new TarnException(ErrorCode.ALREADY_EXISTS, String.valueOf(TextRecords.get(state, "a")));
        });
        CompletableFuture<String> other = leader.submit(TextRecords.put("b", "2"));
        assertThrows(java.util.concurrent.TimeoutException.class, () -> other.get(50, TimeUnit.MILLISECONDS));
        assertFalse(write.isDone());
        assertFalse(read.isDone(), "a read of what is not committed leaked");
        assertFalse(refusal.isDone(), "a refusal because of what is not committed leaked");
        assertNull(TextRecords.get(leader.committed(), "a"));
        journal.open();
        assertEquals("null", write.get());
        assertEquals("1", read.get());
        assertEquals(ErrorCode.ALREADY_EXISTS, failure(refusal).code());
        assertEquals("null", other.get());
    }

    @Test
    void whatArrivesDuringAnAppendSharesTheNext() throws Exception {
        journal.close(1);
        List<CompletableFuture<String>> all = new ArrayList<>();
        all.add(leader.submit(TextRecords.put("k", "0")));
        journal.awaitBlocked();
        for (int i = 1; i <= 100; i++) {
            all.add(leader.submit(TextRecords.put("k", String.valueOf(i))));
        }
        journal.open();
        for (int i = 0; i <= 100; i++) {
            assertEquals(i == 0 ? "null" : String.valueOf(i - 1), all.get(i).get());
        }
        assertTrue(memory.lastSequence() <= 4, "batches: " + memory.lastSequence());
    }

    @Test
    void anOperationThatThrowsLeavesNothing() throws Exception {
        CompletableFuture<String> failed = leader.submit((state, records) -> {
            records.accept("a=1");
            assertEquals("1", TextRecords.get(state, "a"));
            throw new TarnException(ErrorCode.NOT_FOUND, "no");
        });
        assertEquals(ErrorCode.NOT_FOUND, failure(failed).code());
        CompletableFuture<String> defect = leader.submit((state, records) -> {
            records.accept("a=1");
            throw new IllegalStateException("defect");
        });
        assertEquals(ErrorCode.INTERNAL, failure(defect).code());
        assertEquals("null", leader.submit(TextRecords.read("a")).get());
        assertEquals(0, memory.lastSequence());
    }

    @Test
    void moreThanABatchOfRecordsIsTooLarge() throws Exception {
        String large = "x=" + "y".repeat(200_000);
        CompletableFuture<String> failed = leader.submit(TextRecords.doing(records -> {
            for (int i = 0; i < 3; i++) {
                records.accept(large);
            }
        }));
        assertEquals(ErrorCode.TOO_LARGE, failure(failed).code());
        journal.close(1);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(leader.submit(TextRecords.doing(records -> records.accept(large))));
        }
        journal.open();
        for (CompletableFuture<String> each : all) {
            assertEquals("done", each.get());
        }
        assertTrue(memory.lastSequence() >= 5, "two records of 200,000 bytes fit a batch");
    }

    @Test
    void refusesBeyondTheBoundWithADelay() throws Exception {
        leader.close();
        leader = start(new LeaderConfig(16));
        journal.close(1);
        leader.submit(TextRecords.put("a", "x".repeat(300_000)));
        journal.awaitBlocked();
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(leader.submit(TextRecords.put("a", "x".repeat(300_000))));
        }
        long busy = 0;
        for (CompletableFuture<String> each : all) {
            if (each.isCompletedExceptionally()) {
                assertEquals(ErrorCode.BUSY, failure(each).code());
                assertTrue(failure(each).retryAfterMillis() > 0);
                busy++;
            }
        }
        assertTrue(busy >= 1_000 - 256 - 32, "refused: " + busy);
        journal.open();
        for (CompletableFuture<String> each : all) {
            if (!each.isCompletedExceptionally()) {
                each.get();
            }
        }
    }

    @Test
    void goesOnAfterTheDiskWasFull() throws Exception {
        leader.submit(TextRecords.put("a", "1")).get();
        journal.failBefore(ErrorCode.NO_SPACE);
        assertEquals(
                ErrorCode.NO_SPACE,
                failure(leader.submit(TextRecords.put("a", "2"))).code());
        assertEquals("1", leader.submit(TextRecords.read("a")).get());
        assertEquals("1", leader.submit(TextRecords.put("a", "3")).get());
        assertNull(fault.get());
    }

    @Test
    void stepsDownWhenTheOutcomeIsUnknown() throws Exception {
        journal.failAfter(ErrorCode.OUTCOME_UNKNOWN);
        journal.close(1);
        CompletableFuture<String> first = leader.submit(TextRecords.put("a", "1"));
        journal.awaitBlocked();
        CompletableFuture<String> behind = leader.submit(TextRecords.put("b", "1"));
        journal.open();
        assertEquals(ErrorCode.OUTCOME_UNKNOWN, failure(first).code());
        assertEquals(ErrorCode.NOT_LEADER, failure(behind).code());
        assertEquals(
                ErrorCode.NOT_LEADER,
                failure(leader.submit(TextRecords.put("c", "1"))).code());
        leader.close();
        assertInstanceOf(TarnException.class, fault.get());
        assertNull(TextRecords.get(leader.committed(), "a"), "not applied by who does not know");
        leader = start(LeaderConfig.DEFAULT);
        assertEquals("1", TextRecords.get(leader.committed(), "a"), "the next leader reads it back");
    }

    @Test
    void stepsDownWhenAnotherLeads() throws Exception {
        memory.startEpoch();
        assertEquals(
                ErrorCode.NOT_LEADER,
                failure(leader.submit(TextRecords.put("a", "1"))).code());
        assertEquals(
                ErrorCode.NOT_LEADER,
                failure(leader.submit(TextRecords.read("a"))).code());
    }

    @Test
    void replaysTheJournalOnStart() throws Exception {
        leader.submit(TextRecords.put("a", "1")).get();
        leader.submit(TextRecords.put("b", "2")).get();
        leader.submit(TextRecords.doing(records -> records.accept("a"))).get();
        leader.close();
        InMemoryStateStore crashed = store.crash();
        assertEquals(0, crashed.appliedSequence());
        try (Leader<String> next = SingleWriterLeader.start(
                crashed, journal, new TextRecords(), LeaderConfig.DEFAULT, new SimpleMeterRegistry(), this::fault)) {
            assertEquals(3, crashed.appliedSequence());
            assertNull(TextRecords.get(next.committed(), "a"));
            assertEquals("2", TextRecords.get(next.committed(), "b"));
            assertTrue(next.epoch() > 1);
        }
    }

    @Test
    void refusesAJournalThatLostItsEnd() throws Exception {
        leader.submit(TextRecords.put("a", "1")).get();
        TarnException e = assertThrows(
                TarnException.class,
                () -> SingleWriterLeader.start(
                        store,
                        new InMemoryJournal(),
                        new TextRecords(),
                        LeaderConfig.DEFAULT,
                        new SimpleMeterRegistry(),
                        this::fault));
        assertEquals(ErrorCode.CORRUPT, e.code());
    }

    private Leader<String> start(LeaderConfig config) {
        try {
            return SingleWriterLeader.start(
                    store, journal, new TextRecords(), config, new SimpleMeterRegistry(), this::fault);
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    private void fault(String what, Throwable cause) {
        fault.set(cause);
    }

    private static TarnException failure(CompletableFuture<?> future) {
        return assertInstanceOf(
                TarnException.class,
                assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS))
                        .getCause());
    }
}
