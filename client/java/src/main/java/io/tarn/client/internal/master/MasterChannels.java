package io.tarn.client.internal.master;

import io.grpc.ManagedChannel;
import io.tarn.protocol.master.MasterAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The masters that may lead, and the one that is asked. When all have been asked in vain it is looked up anew who they are: a name of a cluster may stand for
 * others by now. Thread-safe.
 */
final class MasterChannels implements AutoCloseable {
    private final Supplier<List<MasterAddress>> lookUp;
    private final Function<MasterAddress, ManagedChannel> connect;
    private final long pauseNanos;
    private volatile List<Master> masters = List.of();
    private volatile Master current;
    private long lookedUpNanos;
    private boolean closed;

    /** One of them. */
    record Master(MasterAddress address, ManagedChannel channel) {}

    /**
     * Looks up who they are.
     *
     * @param lookUp gives at least one; waits for DNS, as this does
     * @param pause from one look-up to the next, at least
     */
    MasterChannels(
            Supplier<List<MasterAddress>> lookUp, Function<MasterAddress, ManagedChannel> connect, Duration pause) {
        this.lookUp = lookUp;
        this.connect = connect;
        this.pauseNanos = pause.toNanos();
        this.lookedUpNanos = System.nanoTime();
        List<Master> first = new ArrayList<>();
        lookUp.get().forEach(address -> first.add(new Master(address, connect.apply(address))));
        this.masters = List.copyOf(first);
        this.current = first.get(0);
    }

    Master current() {
        return current;
    }

    int count() {
        return masters.size();
    }

    /** Another one is asked from now on, unless that is so already. */
    synchronized void moveOn(Master from) {
        if (closed || current != from) {
            return;
        }
        int next = (masters.indexOf(from) + 1) % masters.size();
        current = masters.get(next);
        current.channel.resetConnectBackoff();
        long now = System.nanoTime();
        if (next == 0 && now - lookedUpNanos >= pauseNanos) {
            lookedUpNanos = now;
            Thread thread = new Thread(() -> replace(lookUp.get()), "tarn-masters");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Calls under way at those that are masters no more may end. */
    private synchronized void replace(List<MasterAddress> addresses) {
        if (closed || addresses.equals(masters.stream().map(Master::address).toList())) {
            return;
        }
        List<Master> before = masters;
        List<Master> after = new ArrayList<>();
        for (MasterAddress address : addresses) {
            after.add(before.stream()
                    .filter(master -> master.address.equals(address))
                    .findFirst()
                    .orElseGet(() -> new Master(address, connect.apply(address))));
        }
        masters = List.copyOf(after);
        if (!after.contains(current)) {
            current = after.get(0);
        }
        before.stream().filter(master -> !after.contains(master)).forEach(master -> master.channel.shutdown());
    }

    @Override
    public synchronized void close() {
        closed = true;
        masters.forEach(master -> master.channel.shutdownNow());
    }
}
