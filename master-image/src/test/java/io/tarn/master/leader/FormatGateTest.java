package io.tarn.master.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.Format;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateWriter;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No record gets into a journal, or out of it, before the cluster has reached its format. */
@Timeout(30)
class FormatGateTest {
    private static final String RAISE = "raise=2";
    private static final String NEW = "new=1";

    private final InMemoryStateStore store = new InMemoryStateStore();
    private final InMemoryJournal journal = new InMemoryJournal();

    /** Text whose key says what it is. */
    private static final class Records implements RecordType<String> {
        private final TextRecords texts = new TextRecords();

        @Override
        public byte[] encode(String text) {
            return texts.encode(text);
        }

        @Override
        public String decode(ByteBuffer bytes) {
            return texts.decode(bytes);
        }

        @Override
        public int formatOf(String text) {
            return text.equals(RAISE) || text.equals(NEW) ? Format.NEWEST : Format.FIRST;
        }

        @Override
        public void replay(String text, StateWriter state) {
            texts.replay(text, state);
            if (text.equals(RAISE)) {
                Format.raise(state, Format.NEWEST);
            }
        }
    }

    @Test
    void theLeaderWritesNoRecordThatIsTooNew() throws Exception {
        try (Leader<String> leader = leader(new Records())) {
            leader.append("old=1");
            TarnException refusal = assertThrows(TarnException.class, () -> leader.append(NEW));
            assertEquals(ErrorCode.INTERNAL, refusal.code());
            assertEquals(1, journal.lastSequence());
            assertEquals("null", leader.submit(TextRecords.read("new")).get(), "nothing of it is left");

            leader.append(RAISE);
            assertEquals(Format.NEWEST, Format.of(leader.committed()));
            leader.append(NEW);
            assertEquals(3, journal.lastSequence());
        }
        InMemoryStateStore replayed = new InMemoryStateStore();
        new JournalReplay<>(journal, replayed, new Records()).run();
        assertEquals(Format.NEWEST, Format.of(replayed));
        assertEquals("1", TextRecords.get(replayed, "new"));
    }

    @Test
    void whatIsRaisedInTheSameOperationMayBeUsedInIt() throws Exception {
        try (Leader<String> leader = leader(new Records())) {
            leader.submit(TextRecords.doing(records -> {
                        records.accept(RAISE);
                        records.accept(NEW);
                    }))
                    .get();
            assertEquals("1", TextRecords.get(leader.committed(), "new"));
        }
    }

    @Test
    void replayTakesNoRecordThatIsTooNew() throws Exception {
        try (Leader<String> careless = leader(new TextRecords())) {
            careless.append(NEW);
        }
        InMemoryStateStore replayed = new InMemoryStateStore();
        TarnException damage =
                assertThrows(TarnException.class, () -> new JournalReplay<>(journal, replayed, new Records()).run());
        assertEquals(ErrorCode.CORRUPT, damage.code());
        assertTrue(damage.getMessage().contains("a record of format 2"), damage.getMessage());
    }

    @Test
    void afterARefusalTheLeaderGoesOn() throws Exception {
        try (Leader<String> leader = leader(new Records())) {
            ExecutionException refusal = assertThrows(
                    ExecutionException.class,
                    () -> leader.submit(TextRecords.put("new", "1")).get());
            assertInstanceOf(TarnException.class, refusal.getCause());
            leader.append("old=2");
            assertEquals("2", TextRecords.get(leader.committed(), "old"));
        }
    }

    private Leader<String> leader(RecordType<String> type) throws TarnException {
        return SingleWriterLeader.start(
                store, journal, type, LeaderConfig.DEFAULT, new SimpleMeterRegistry(), (what, cause) -> {});
    }
}
