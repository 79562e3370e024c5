package io.tarn.master.simulation;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.tarn.master.rpc.SimulatedServer;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** From one process to whatever serves at an address at the moment. */
final class SimulatedChannel extends ManagedChannel {
    private final SimulatedNetwork network;
    private final SimulatedProcess from;
    private final Supplier<@Nullable Served> server;

    /** A process and its calls. */
    interface Served {
        SimulatedProcess process();

        /** Runs a call on a thread of the process. */
        <Q, R> void take(MethodDescriptor<Q, R> method, Q request, SimulatedServer.Answer<R> answer);
    }

    /** @param server null while nothing listens there */
    SimulatedChannel(SimulatedNetwork network, SimulatedProcess from, Supplier<@Nullable Served> server) {
        this.network = network;
        this.from = from;
        this.server = server;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        return new SimulatedCall<>(network, from, server, method, options);
    }

    @Override
    public String authority() {
        return "simulated";
    }

    @Override
    public ManagedChannel shutdown() {
        return this;
    }

    @Override
    public ManagedChannel shutdownNow() {
        return this;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
