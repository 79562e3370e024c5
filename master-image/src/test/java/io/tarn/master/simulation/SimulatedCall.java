package io.tarn.master.simulation;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tarn.master.rpc.SimulatedServer;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call with one request and one answer. Where either is lost, the caller is told UNAVAILABLE some time later. */
final class SimulatedCall<Q, R> extends ClientCall<Q, R> {
    private static final long LOOK_NANOS = 1_500_000_000L;

    private final SimulatedNetwork network;
    private final SimulatedProcess from;
    private final Supplier<SimulatedChannel.@Nullable Served> server;
    private final MethodDescriptor<Q, R> method;
    private final Executor executor;
    private @Nullable Listener<R> listener;
    private @Nullable Q request;
    private boolean over;

    SimulatedCall(
            SimulatedNetwork network,
            SimulatedProcess from,
            Supplier<SimulatedChannel.@Nullable Served> server,
            MethodDescriptor<Q, R> method,
            CallOptions options) {
        this.network = network;
        this.from = from;
        this.server = server;
        this.method = method;
        this.executor = Objects.requireNonNullElse(options.getExecutor(), Runnable::run);
    }

    @Override
    public void start(Listener<R> responses, Metadata headers) {
        listener = responses;
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendMessage(Q message) {
        request = message;
    }

    @Override
    public void halfClose() {
        SimulatedChannel.Served target = server.get();
        if (target == null) {
            from.after(1_000_000, this::lost);
            return;
        }
        Q asked = Objects.requireNonNull(request);
        SimulatedProcess serving = target.process();
        network.send(from, serving, () -> target.take(method, asked, answer(serving)), this::lost);
        watch(serving);
    }

    /** A process that dies takes its connections with it; one that stands still does not. */
    private void watch(SimulatedProcess serving) {
        from.after(LOOK_NANOS, () -> {
            if (!serving.isAlive()) {
                lost();
            } else if (!over) {
                watch(serving);
            }
        });
    }

    private SimulatedServer.Answer<R> answer(SimulatedProcess serving) {
        return (message, status, trailers) ->
                network.send(serving, from, () -> close(message, status, trailers), this::lostOnItsWay);
    }

    private void lost() {
        close(null, Status.UNAVAILABLE.withDescription("no connection"), new Metadata());
    }

    /** Told to the sender of the answer; who asked finds out some time later. */
    private void lostOnItsWay() {
        from.after(1_500_000_000L, this::lost);
    }

    private void close(@Nullable R message, Status status, Metadata trailers) {
        if (over) {
            return;
        }
        over = true;
        Listener<R> told = Objects.requireNonNull(listener);
        executor.execute(() -> {
            if (message != null) {
                told.onHeaders(new Metadata());
                told.onMessage(message);
            }
            told.onClose(status, trailers);
        });
    }

    @Override
    public void cancel(@Nullable String why, @Nullable Throwable cause) {
        over = true;
    }
}
