package io.tarn.master.simulation;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.api.Event;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.etcd.Batches;
import io.tarn.master.leader.BatchFormats;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.rpc.SimulatedServer;
import io.tarn.master.state.Format;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What has to hold at each moment, by the names of docs/design/etcd.md. A violation ends the run. */
final class Invariants {
    private static final ByteString JOURNAL = ByteString.copyFromUtf8("/tarn/s/journal/");
    private static final ByteString MEMBERS = ByteString.copyFromUtf8("/tarn/s/members/");
    private static final ByteString FIRST_FORMAT = ByteString.copyFromUtf8(Integer.toString(Format.FIRST));
    private static final ByteString LEADER = ByteString.copyFromUtf8("/tarn/s/leader");

    private final SimulatedCluster cluster;
    private final Map<Long, String> writers = new HashMap<>();
    private final Map<Long, Long> digests = new HashMap<>();
    private final Map<ByteString, Long> olderSince = new HashMap<>();
    private int format = Format.FIRST;
    private long lastSequence;
    private long lastEpoch;
    private long leadingSince;
    private String leader = "";

    Invariants(SimulatedCluster cluster) {
        this.cluster = cluster;
        cluster.etcd().observe(this::changed);
    }

    private void require(boolean holds, String invariant, String what) {
        if (!holds) {
            cluster.simulation().fail(new AssertionError(invariant + ": " + what));
        }
    }

    private void changed(Event event) {
        ByteString key = event.getKv().getKey();
        if (key.startsWith(MEMBERS)) {
            memberChanged(event);
        }
        if (event.getType() != Event.EventType.PUT) {
            return;
        }
        if (key.equals(LEADER)) {
            leadingSince = event.getKv().getCreateRevision();
            leader = event.getKv().getValue().toStringUtf8();
            writers.put(leadingSince, leader);
        } else if (key.startsWith(JOURNAL)) {
            appended(event);
        }
    }

    /** OneWriterPerEpoch, ContiguousSequences. */
    private void appended(Event event) {
        String key = event.getKv().getKey().toString(StandardCharsets.UTF_8);
        long sequence = Long.parseLong(key.substring(JOURNAL.size()), 16);
        Journal.Batch batch =
                Batches.of(sequence, ByteSequence.from(event.getKv().getValue()));
        long epoch = batch.epoch();
        require(
                sequence == lastSequence + 1 && event.getKv().getVersion() == 1,
                "ContiguousSequences",
                "batch " + sequence + " after batch " + lastSequence);
        require(epoch >= lastEpoch, "ContiguousSequences", "epoch " + epoch + " after epoch " + lastEpoch);
        require(
                epoch == leadingSince && cluster.etcd().get(LEADER) != null,
                "OneWriterPerEpoch",
                "a batch of epoch " + epoch + " while " + leader + " leads in epoch " + leadingSince);
        lastSequence = sequence;
        lastEpoch = epoch;
        int raised = BatchFormats.after(batch, format);
        if (raised > format) {
            checkRaise();
            format = raised;
        }
    }

    private void memberChanged(Event event) {
        ByteString member = event.getKv().getKey();
        if (event.getType() == Event.EventType.PUT && event.getKv().getValue().equals(FIRST_FORMAT)) {
            olderSince.putIfAbsent(member, cluster.simulation().nanos());
        } else {
            olderSince.remove(member);
        }
    }

    /** WrittenOnceAllReadIt: one that comes while the others look may be overlooked, and ends then. */
    private void checkRaise() {
        long before = cluster.simulation().nanos()
                - cluster.config().election().lease().toNanos();
        require(
                olderSince.values().stream().noneMatch(since -> since < before),
                "WrittenOnceAllReadIt",
                "a newer format than " + olderSince.keySet() + " read");
    }

    /** NoAnswerAfterLeadership: of what only a leader answers. */
    void answered(SimulatedMaster master, MethodDescriptor<?, ?> method, Status status) {
        SimulatedServer.Serving serving = master.serving();
        if (status.isOk() && serving != null && !method.getFullMethodName().contains("PeerService")) {
            require(
                    serving.epoch() >= leadingSince,
                    "NoAnswerAfterLeadership",
                    master.address() + " of epoch " + serving.epoch() + " answers " + method.getFullMethodName()
                            + " while " + leader + " leads in epoch " + leadingSince);
        }
    }

    /** EqualStates, AppliedIsCommitted, and that nobody leads on a state that it does not read. */
    void compareStates() {
        for (SimulatedMaster master : cluster.masters()) {
            InMemoryStateStore store = master.store();
            if (store == null) {
                continue;
            }
            long sequence = store.appliedSequence();
            require(
                    sequence <= lastSequence,
                    "AppliedIsCommitted",
                    master.address() + " has applied " + sequence + " of " + lastSequence);
            require(
                    master.serving() == null || Format.of(store) <= master.reads(),
                    "WrittenOnceAllReadIt",
                    master.address() + " leads on a state of a newer release");
            long digest = digest(store);
            long known = Objects.requireNonNullElse(digests.putIfAbsent(sequence, digest), digest);
            require(digest == known, "EqualStates", master.address() + " differs from another at " + sequence);
        }
    }

    private static long digest(InMemoryStateStore store) {
        long digest = 1;
        for (Table table : Table.values()) {
            if (table.journaled()) {
                try (StateReader.Cursor cursor = store.scan(table, Keys.ALL, null)) {
                    while (cursor.next()) {
                        digest = 31 * (31 * digest + Arrays.hashCode(cursor.key())) + Arrays.hashCode(cursor.value());
                    }
                }
            }
        }
        return digest;
    }

    /** On how many disks a complete file is whole that no store has; as many as there can be where it needs none. */
    private long wholeCopies(Inode inode) {
        return cluster.workers().stream()
                .filter(worker ->
                        inode.holders().contains(worker.id()) && worker.bytesOf(inode.version()) == inode.lengthBytes())
                .count();
    }

    /** CopiesKept: each acknowledged file that no store has is whole on some disk, whoever may be down. @return the fewest copies of any */
    long fewestCopies() {
        SimulatedMaster leading = cluster.leader();
        InMemoryStateStore store = leading == null ? null : leading.store();
        long fewest = Long.MAX_VALUE;
        if (store == null) {
            return 0;
        }
        NamespaceView view = new NamespaceView(store);
        try (StateReader.Cursor cursor = store.scan(Table.INODE, Keys.ALL, null)) {
            while (cursor.next()) {
                Inode inode = NamespaceView.inodeOf(cursor.value());
                boolean matters = !inode.directory()
                        && inode.complete()
                        && inode.lengthBytes() > 0
                        && !inode.holders().isEmpty()
                        && !view.isDetached(inode.id());
                if (matters) {
                    long copies = wholeCopies(inode);
                    boolean persisting = isPersisting(view, inode);
                    require(copies > 0 || persisting, "CopiesKept", inode + " is nowhere");
                    fewest = Math.min(fewest, persisting ? 0 : copies);
                }
            }
        }
        return fewest;
    }

    /** Its worker may have brought it to its store and dropped it; that is told later. */
    private static boolean isPersisting(NamespaceView view, Inode inode) {
        if (view.unpersisted(inode.id()) == null) {
            return false;
        }
        try (StateReader.Cursor cursor = view.state().scan(Table.PERSISTING, Keys.ALL, null)) {
            return cursor.next();
        }
    }
}
