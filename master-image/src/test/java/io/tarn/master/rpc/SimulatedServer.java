package io.tarn.master.rpc;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A master's calls without a network: its services, as gRPC would call them. */
public final class SimulatedServer implements CallServer {
    private final CurrentServices services;
    private final SimulatedProcess process;
    private volatile @Nullable Serving serving;

    /** Who leads here, at the moment. */
    public record Serving(Namespace namespace, WorkerRegistry workers, long epoch) {}

    /** Where an answer goes. */
    public interface Answer<R> {
        void give(@Nullable R message, Status status, Metadata trailers);
    }

    public SimulatedServer(SimulatedProcess process, MeterRegistry meters) {
        this.process = process;
        this.services = new CurrentServices(RpcConfig.DEFAULT, () -> "ask the other masters", meters);
    }

    public @Nullable Serving serving() {
        return serving;
    }

    @Override
    public AutoCloseable serve(
            Namespace namespace, WorkerRegistry workers, Masters masters, ClusterFacts facts, BooleanSupplier leads) {
        AutoCloseable served = services.serve(namespace, workers, masters, facts, leads);
        serving = new Serving(namespace, workers, facts.epoch());
        return () -> {
            serving = null;
            served.close();
        };
    }

    @Override
    public AutoCloseable serveAlways(Peer self) {
        return services.serveAlways(self);
    }

    /** Runs a call on a thread of its own. */
    public <Q, R> void take(MethodDescriptor<Q, R> method, Q request, Answer<R> answer) {
        process.start("call", () -> run(method, request, answer));
    }

    @SuppressWarnings("unchecked") // a method's name decides its types
    private <Q, R> void run(MethodDescriptor<Q, R> method, Q request, Answer<R> answer) {
        ServerMethodDefinition<Q, R> found =
                (ServerMethodDefinition<Q, R>) services.lookupMethod(method.getFullMethodName(), null);
        Call<Q, R> call = new Call<>(method, answer);
        ServerCall.Listener<Q> listener =
                Objects.requireNonNull(found).getServerCallHandler().startCall(call, new Metadata());
        if (!call.closed) {
            listener.onReady();
            listener.onMessage(request);
            listener.onHalfClose();
        }
    }

    private static final class Call<Q, R> extends ServerCall<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final Answer<R> answer;
        private @Nullable R message;
        private boolean closed;

        private Call(MethodDescriptor<Q, R> method, Answer<R> answer) {
            this.method = method;
            this.answer = answer;
        }

        @Override
        public void request(int count) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(R sent) {
            message = sent;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            answer.give(message, status, trailers);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.EMPTY;
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }
    }
}
