package io.tarn.master.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.GatedJournal;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded crashes: appends fail before or after the journal has the batch, the process dies, the next leader takes over. Every operation increments a counter
 * and writes two marks with the value that it saw, so the surviving marks tell exactly which operations took place and in which order.
 */
@Timeout(60)
class LeaderCrashTest {
    private static final int LIVES = 6;

    @Test
    void acknowledgedOperationsSurviveAndTheOthersAreAllOrNothing() throws Exception {
        for (int seed = 0; seed < 150; seed++) {
            new Simulation(seed).run();
        }
    }

    private static final class Simulation {
        private final int seed;
        private final Random random;
        private final InMemoryJournal journal = new InMemoryJournal();
        private final Map<String, Long> acknowledged = new HashMap<>();
        private final Map<String, ErrorCode> refused = new HashMap<>();
        private InMemoryStateStore store = new InMemoryStateStore();
        private int operations;

        Simulation(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() throws Exception {
            for (int life = 0; life < LIVES; life++) {
                live();
                store = store.crash();
            }
            try (Leader<String> leader = start(journal)) {
                check(leader.committed());
            }
        }

        private void live() throws Exception {
            GatedJournal failing = new GatedJournal(journal);
            failing.passFirst(random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> failing.failBefore(ErrorCode.OUTCOME_UNKNOWN);
                case 1 -> failing.failAfter(ErrorCode.OUTCOME_UNKNOWN);
                case 2 -> failing.failBefore(ErrorCode.NO_SPACE);
                default -> failing.failBefore(ErrorCode.NOT_LEADER);
            }
            try (Leader<String> leader = start(failing)) {
                Map<String, CompletableFuture<Long>> submitted = new HashMap<>();
                for (int i = random.nextInt(60); i > 0; i--) {
                    String name = "op" + operations++;
                    submitted.put(name, leader.submit(increment(name, random.nextInt(6) == 0)));
                    if (random.nextInt(8) == 0) {
                        submitted.get(name).exceptionally(e -> -1L).join();
                    }
                    if (random.nextInt(20) == 0) {
                        store.flush();
                    }
                }
                submitted.forEach(this::note);
            }
        }

        private void note(String name, CompletableFuture<Long> future) {
            try {
                acknowledged.put(name, future.join());
            } catch (CompletionException e) {
                refused.put(
                        name,
                        assertInstanceOf(TarnException.class, e.getCause()).code());
            }
        }

        private Leader<String> start(io.tarn.master.journal.Journal through) throws TarnException {
            return SingleWriterLeader.start(
                    store,
                    through,
                    new TextRecords(),
                    LeaderConfig.DEFAULT,
                    new SimpleMeterRegistry(),
                    (what, cause) -> {});
        }

        private void check(StateReader state) {
            long applied = 0;
            for (int i = 0; i < operations; i++) {
                String name = "op" + i;
                String first = TextRecords.get(state, name + "-first");
                assertEquals(first, TextRecords.get(state, name + "-second"), "seed " + seed + ": half of " + name);
                Long value = acknowledged.get(name);
                if (value != null) {
                    assertEquals(String.valueOf(value), first, "seed " + seed + ": acknowledged " + name + " is lost");
                } else if (refused.get(name) != ErrorCode.OUTCOME_UNKNOWN) {
                    assertNull(first, "seed " + seed + ": " + name + " was refused with " + refused.get(name));
                }
                if (first != null) {
                    applied++;
                    assertNotNull(TextRecords.get(state, "value" + first), "seed " + seed);
                }
            }
            String counter = TextRecords.get(state, "counter");
            assertEquals(applied, counter == null ? 0 : Long.parseLong(counter), "seed " + seed + ": lost increments");
            assertTrue(acknowledged.size() + refused.size() == operations, "every caller got an answer");
        }
    }

    /** Counts one up, marks with the new value, and may change its mind at the end. */
    private static Operation<String, Long> increment(String name, boolean throwing) {
        return (state, records) -> {
            String before = TextRecords.get(state, "counter");
            long value = before == null ? 1 : Long.parseLong(before) + 1;
            records.accept("counter=" + value);
            records.accept(name + "-first=" + value);
            records.accept("value" + value + "=" + name);
            assertEquals(String.valueOf(value), TextRecords.get(state, "counter"));
            records.accept(name + "-second=" + value);
            if (throwing) {
                throw new TarnException(ErrorCode.ALREADY_EXISTS, "changed its mind");
            }
            return value;
        };
    }
}
