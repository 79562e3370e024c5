package io.tarn.master.simulation;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.DeleteRangeResponse;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Status;
import io.tarn.testing.simulation.SimulatedProcess;
import io.tarn.testing.simulation.Simulation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What Tarn uses of etcd, as etcd's documentation of its API has it: revisions, transactions, leases, watches, compaction, the NOSPACE alarm. Everything is done at once and lasts; that
 * answers are late or lost is the network's matter, and {@link #stop}'s.
 */
final class SimulatedEtcd {
    private static final Comparator<ByteString> ORDER = ByteString.unsignedLexicographicalComparator();

    private final SimulatedProcess process;
    private final NavigableMap<ByteString, KeyValue> keys = new TreeMap<>(ORDER);
    private final List<Event> history = new ArrayList<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    private final Set<SimulatedWatch> watches = new LinkedHashSet<>();
    private final List<Consumer<Event>> observers = new ArrayList<>();
    private long revision = 1;
    private long compacted;
    private long lastLease = 0x1000;
    private boolean full;

    private static final class Lease {
        private final long ttlSeconds;
        private final Set<ByteString> keys = new HashSet<>();
        private long endNanos;

        private Lease(long ttlSeconds) {
            this.ttlSeconds = ttlSeconds;
        }
    }

    SimulatedEtcd(Simulation simulation) {
        process = new SimulatedProcess(simulation, "etcd");
    }

    SimulatedProcess process() {
        return process;
    }

    /** Sees each change at the moment at which it happens. */
    void observe(Consumer<Event> observer) {
        observers.add(observer);
    }

    /** From now on etcd is out of space, until it is told that there is some. */
    void setFull(boolean nowFull) {
        full = nowFull;
    }

    /** No request is answered, those on their way wait, and no lease runs on, as where most members are away. */
    void stop() {
        process.pause();
    }

    /** Its new leader gives all leases their whole time once more. */
    void goOn() {
        leases.values().forEach(lease -> lease.endNanos = now() + TimeUnit.SECONDS.toNanos(lease.ttlSeconds));
        process.resume();
    }

    /** Forgets what keys were. */
    void compact() {
        compacted = revision;
        history.clear();
    }

    /** All watches end. */
    void breakWatches() {
        List.copyOf(watches).forEach(watch -> watch.fail("the watch is broken"));
    }

    @Nullable
    KeyValue get(ByteString key) {
        return keys.get(key);
    }

    private long now() {
        return process.simulation().nanos();
    }

    private ResponseHeader header() {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }

    TxnResponse execute(TxnRequest request) {
        boolean holds = request.getCompareList().stream().allMatch(this::holds);
        List<RequestOp> operations = holds ? request.getSuccessList() : request.getFailureList();
        boolean writes = operations.stream().anyMatch(op -> op.hasRequestPut() || op.hasRequestDeleteRange());
        if (full && operations.stream().anyMatch(RequestOp::hasRequestPut)) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("etcdserver: mvcc: database space exceeded")
                    .asRuntimeException();
        }
        operations.stream().filter(RequestOp::hasRequestPut).forEach(op -> requireLease(op.getRequestPut()));
        if (writes) {
            revision++;
        }
        TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(holds);
        List<Event> events = new ArrayList<>();
        for (RequestOp operation : operations) {
            response.addResponses(carryOut(operation, events));
        }
        publish(events);
        return response.setHeader(header()).build();
    }

    private ResponseOp carryOut(RequestOp operation, List<Event> events) {
        ResponseOp.Builder response = ResponseOp.newBuilder();
        switch (operation.getRequestCase()) {
            case REQUEST_RANGE -> response.setResponseRange(range(operation.getRequestRange()));
            case REQUEST_PUT -> response.setResponsePut(put(operation.getRequestPut(), events));
            case REQUEST_DELETE_RANGE ->
                response.setResponseDeleteRange(delete(operation.getRequestDeleteRange(), events));
            default -> throw new IllegalArgumentException(operation.toString());
        }
        return response.build();
    }

    private boolean holds(Compare compare) {
        KeyValue found = keys.get(compare.getKey());
        int order = switch (compare.getTarget()) {
            case CREATE -> Long.compare(found == null ? 0 : found.getCreateRevision(), compare.getCreateRevision());
            case MOD -> Long.compare(found == null ? 0 : found.getModRevision(), compare.getModRevision());
            case VALUE -> found == null ? -1 : ORDER.compare(found.getValue(), compare.getValue());
            default -> throw new IllegalArgumentException(compare.toString());
        };
        return switch (compare.getResult()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            default -> throw new IllegalArgumentException(compare.toString());
        };
    }

    private NavigableMap<ByteString, KeyValue> within(ByteString first, ByteString end) {
        if (end.isEmpty()) {
            return keys.subMap(first, true, first, true);
        }
        return keys.subMap(first, true, end, false);
    }

    private RangeResponse range(RangeRequest request) {
        NavigableMap<ByteString, KeyValue> found = within(request.getKey(), request.getRangeEnd());
        if (request.getSortOrder() != RangeRequest.SortOrder.NONE) {
            throw new AssertionError("etcd reads all of a range, whatever the limit, to put it into an order");
        }
        long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
        return RangeResponse.newBuilder()
                .setHeader(header())
                .addAllKvs(found.values().stream().limit(limit).toList())
                .setCount(found.size())
                .build();
    }

    private void requireLease(PutRequest request) {
        if (request.getLease() != 0 && !leases.containsKey(request.getLease())) {
            throw Status.NOT_FOUND
                    .withDescription("etcdserver: requested lease not found")
                    .asRuntimeException();
        }
    }

    private PutResponse put(PutRequest request, List<Event> events) {
        KeyValue before = keys.get(request.getKey());
        KeyValue now = KeyValue.newBuilder()
                .setKey(request.getKey())
                .setValue(request.getValue())
                .setCreateRevision(before == null ? revision : before.getCreateRevision())
                .setModRevision(revision)
                .setVersion(before == null ? 1 : before.getVersion() + 1)
                .setLease(request.getLease())
                .build();
        unlink(before);
        keys.put(now.getKey(), now);
        if (now.getLease() != 0) {
            Objects.requireNonNull(leases.get(now.getLease())).keys.add(now.getKey());
        }
        events.add(Event.newBuilder().setType(Event.EventType.PUT).setKv(now).build());
        return PutResponse.newBuilder().setHeader(header()).build();
    }

    private void unlink(@Nullable KeyValue before) {
        Lease lease = before == null ? null : leases.get(before.getLease());
        if (lease != null && before != null) {
            lease.keys.remove(before.getKey());
        }
    }

    private DeleteRangeResponse delete(DeleteRangeRequest request, List<Event> events) {
        List<KeyValue> deleted =
                List.copyOf(within(request.getKey(), request.getRangeEnd()).values());
        deleted.forEach(each -> remove(each, events));
        return DeleteRangeResponse.newBuilder()
                .setHeader(header())
                .setDeleted(deleted.size())
                .build();
    }

    private void remove(KeyValue deleted, List<Event> events) {
        unlink(deleted);
        keys.remove(deleted.getKey());
        events.add(Event.newBuilder()
                .setType(Event.EventType.DELETE)
                .setKv(KeyValue.newBuilder().setKey(deleted.getKey()).setModRevision(revision))
                .build());
    }

    private void publish(List<Event> events) {
        for (Event event : events) {
            history.add(event);
            observers.forEach(observer -> observer.accept(event));
            List.copyOf(watches).forEach(watch -> watch.offer(event));
        }
    }

    /** @return its id */
    long grant(long ttlSeconds) {
        long id = ++lastLease;
        leases.put(id, new Lease(ttlSeconds));
        keepAlive(id);
        expireLater(id);
        return id;
    }

    /** @return its time to live in seconds; 0 where it is over */
    long keepAlive(long id) {
        Lease lease = leases.get(id);
        if (lease == null) {
            return 0;
        }
        lease.endNanos = now() + TimeUnit.SECONDS.toNanos(lease.ttlSeconds);
        return lease.ttlSeconds;
    }

    private void expireLater(long id) {
        Lease lease = leases.get(id);
        if (lease != null) {
            process.after(lease.endNanos - now() + 1, () -> {
                if (lease.endNanos <= now()) {
                    revoke(id);
                } else {
                    expireLater(id);
                }
            });
        }
    }

    void revoke(long id) {
        Lease lease = leases.remove(id);
        if (lease != null && !lease.keys.isEmpty()) {
            revision++;
            List<Event> events = new ArrayList<>();
            lease.keys.stream().sorted(ORDER).map(keys::get).forEach(each -> remove(each, events));
            publish(events);
        }
    }

    /** Begins with what has happened since a revision, if that is still known. */
    void watch(SimulatedWatch watch, long fromRevision) {
        if (fromRevision <= compacted) {
            watch.fail("etcdserver: mvcc: required revision has been compacted");
            return;
        }
        watches.add(watch);
        history.stream()
                .filter(event -> event.getKv().getModRevision() >= fromRevision)
                .forEach(watch::offer);
    }

    void unwatch(SimulatedWatch watch) {
        watches.remove(watch);
    }
}
