package io.tarn.master.simulation;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.options.WatchOption;
import io.grpc.Status;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.HashMap;
import java.util.Map;

/** One watch: events in their order, each some time after the one before. Where one is lost the watch hangs, and nobody is told. */
final class SimulatedWatch implements Watch.Watcher {
    private final SimulatedEtcd etcd;
    private final SimulatedNetwork network;
    private final SimulatedProcess watcher;
    private final ByteString first;
    private final ByteString end;
    private final WatchOption option;
    private final Watch.Listener listener;
    private final Map<Long, Event> early = new HashMap<>();
    private long sent;
    private long received;
    private boolean closed;

    SimulatedWatch(
            SimulatedEtcd etcd,
            SimulatedNetwork network,
            SimulatedProcess watcher,
            ByteSequence key,
            WatchOption option,
            Watch.Listener listener) {
        this.etcd = etcd;
        this.network = network;
        this.watcher = watcher;
        this.first = ByteString.copyFrom(key.getBytes());
        this.end = option.getEndKey()
                .map(after -> ByteString.copyFrom(after.getBytes()))
                .orElse(ByteString.EMPTY);
        this.option = option;
        this.listener = listener;
        network.send(watcher, etcd.process(), () -> etcd.watch(this, option.getRevision()), () -> {});
    }

    void offer(Event event) {
        boolean put = event.getType() == Event.EventType.PUT;
        ByteString key = event.getKv().getKey();
        boolean inside = end.isEmpty()
                ? key.equals(first)
                : ByteString.unsignedLexicographicalComparator().compare(key, first) >= 0
                        && ByteString.unsignedLexicographicalComparator().compare(key, end) < 0;
        if (inside && !(put ? option.isNoPut() : option.isNoDelete())) {
            long number = sent++;
            network.send(etcd.process(), watcher, () -> arrive(number, event), () -> {});
        }
    }

    /** One that has overtaken another waits for it. */
    private void arrive(long number, Event event) {
        early.put(number, event);
        for (Event next = early.remove(received); next != null && !closed; next = early.remove(received)) {
            received++;
            listener.onNext(new io.etcd.jetcd.watch.WatchResponse(
                    io.etcd.jetcd.api.WatchResponse.newBuilder().addEvents(next).build(), ByteSequence.EMPTY));
        }
    }

    void fail(String why) {
        etcd.unwatch(this);
        network.send(
                etcd.process(),
                watcher,
                () -> {
                    if (!closed) {
                        listener.onError(
                                Status.OUT_OF_RANGE.withDescription(why).asRuntimeException());
                    }
                },
                () -> {});
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        etcd.unwatch(this);
    }

    @Override
    public void requestProgress() {
        throw new UnsupportedOperationException();
    }
}
