package io.tarn.master.simulation;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Finds whichever master leads, and repeats what is not known to have failed for good. For one thread. */
final class MasterCaller {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private final List<SimulatedChannel> channels;
    private final SimulatedProcess process;
    private int current;

    /** A call on whatever channel it is given; the same request each time. */
    interface Call<T> {
        T on(Channel channel);
    }

    MasterCaller(SimulatedCluster cluster, SimulatedProcess process) {
        this.process = process;
        this.channels = cluster.masters().stream()
                .map(master ->
                        new SimulatedChannel(cluster.network(), process, () -> cluster.masterAt(master.address())))
                .toList();
    }

    /** One try; afterwards another master is asked where this one was the trouble. */
    <T> T once(Call<T> call) throws TarnException {
        try {
            return call.on(channels.get(current));
        } catch (StatusRuntimeException e) {
            TarnException failure = GrpcErrors.decode(e);
            if (failure.code() == ErrorCode.NOT_LEADER || failure.code() == ErrorCode.UNAVAILABLE) {
                current = (current + 1) % channels.size();
            }
            throw failure;
        }
    }

    /** Until it succeeds, fails for good, or the time is over. */
    <T> T within(long nanos, Call<T> call) throws TarnException {
        long endNanos = process.simulation().nanos() + nanos;
        while (true) {
            try {
                return once(call);
            } catch (TarnException e) {
                boolean repeat = switch (e.code()) {
                    case NOT_LEADER, UNAVAILABLE, BUSY, OUTCOME_UNKNOWN, TIMEOUT -> true;
                    default -> false;
                };
                if (!repeat || process.simulation().nanos() > endNanos) {
                    throw e;
                }
            }
            LockSupport.parkNanos(
                    PAUSE_NANOS / 2 + process.simulation().random().nextLong(PAUSE_NANOS));
        }
    }
}
