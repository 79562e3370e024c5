package io.tarn.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.rpc.Masters;
import io.tarn.master.state.Format;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Finding;
import io.tarn.protocol.v1.MasterInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a leader raises the format, with masters that say one after the other what they read. */
@Timeout(30)
class FormatRaisingTest {
    private static final Map<String, Integer> MIXED = Map.of("a:1", Format.NEWEST, "b:1", Format.FIRST);
    private static final Map<String, Integer> ALL = Map.of("a:1", Format.NEWEST, "b:1", Format.NEWEST);

    private final InMemoryStateStore store = new InMemoryStateStore();
    private final Told masters = new Told();
    private Leader<Record> leader;

    /** Each look waits until the test gives an answer, and so ends only once the one before has had its effect. */
    private static final class Told implements Masters {
        private BlockingQueue<Map<String, Integer>> answers = new SynchronousQueue<>();

        void give(Map<String, Integer> formats) throws InterruptedException {
            answers.put(formats);
        }

        @Override
        public SortedMap<String, Integer> formats() throws TarnException {
            try {
                return new TreeMap<>(answers.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TarnException(ErrorCode.UNAVAILABLE, "the test is over", e);
            }
        }

        @Override
        public boolean isAlone() {
            return false;
        }

        @Override
        public List<MasterInfo> infos() {
            return List.of();
        }

        @Override
        public List<Finding> checkUp() {
            return List.of();
        }

        @Override
        public String nameSuccessor(String address) {
            return address;
        }

        @Override
        public void stepDown() {}
    }

    @BeforeEach
    void lead() throws TarnException {
        leader = SingleWriterLeader.start(
                store,
                new InMemoryJournal(),
                new RecordCodec(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> {});
    }

    @AfterEach
    void end() {
        leader.close();
    }

    @Test
    void onceAllReadItAtTwoLooksInARow() throws Exception {
        try (FormatRaising raising = FormatRaising.start(leader, masters, Duration.ofMillis(1), false)) {
            for (Map<String, Integer> seen : List.of(MIXED, MIXED, ALL, MIXED, ALL, MIXED)) {
                masters.give(seen);
                assertEquals(Format.FIRST, Format.of(store));
            }
            TarnException refusal = assertThrows(
                    TarnException.class, () -> new NamespaceView(store).requireFormat(Format.NEWEST, "this"));
            assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
            assertTrue(refusal.getMessage().contains("an older release"), refusal.getMessage());
            masters.give(ALL);
            masters.give(ALL);
            while (Format.of(store) != Format.NEWEST) {
                LockSupport.parkNanos(1_000_000);
            }
            new NamespaceView(store).requireFormat(Format.NEWEST, "this");
        }
    }

    @Test
    void atTheFirstLookInANewCluster() throws Exception {
        masters.answers = new LinkedBlockingQueue<>(List.of(ALL));
        try (FormatRaising raising = FormatRaising.start(leader, masters, Duration.ofHours(1), true)) {
            assertEquals(Format.NEWEST, Format.of(store));
        }
    }

    @Test
    void notWhileOneThatBeganTheClusterWithTheOthersReadsLess() throws Exception {
        masters.answers = new LinkedBlockingQueue<>(List.of(MIXED));
        try (FormatRaising raising = FormatRaising.start(leader, masters, Duration.ofHours(1), true)) {
            assertEquals(Format.FIRST, Format.of(store));
            assertEquals(List.of("b:1"), FormatRaising.older(MIXED));
        }
    }
}
