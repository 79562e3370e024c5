package io.tarn.master.rpc;

import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls that this master takes at the moment: all while it leads; otherwise each is answered by NOT_LEADER, so that its caller asks another, but for those
 * that it always takes. Thread-safe.
 */
final class CurrentServices extends HandlerRegistry implements CallServer {
    private static final int MAX_PEER_CALLS = 8;

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final RpcConfig config;
    private final Supplier<String> leader;
    private final MeterRegistry meters;
    private volatile Map<String, ServerMethodDefinition<?, ?>> methods = Map.of();
    private volatile Map<String, ServerMethodDefinition<?, ?>> always = Map.of();

    /** @param leader says in a few words who leads, for those who are refused */
    CurrentServices(RpcConfig config, Supplier<String> leader, MeterRegistry meters) {
        this.config = config;
        this.leader = leader;
        this.meters = meters;
    }

    @Override
    public AutoCloseable serve(
            Namespace namespace, WorkerRegistry workers, Masters masters, ClusterFacts facts, BooleanSupplier leads) {
        Calls calls = new Calls("clients", config.maxCalls(), leads, meters);
        Streams streams = new Streams(calls);
        methods = methodsOf(List.of(
                new FileSystemCalls(namespace, calls, streams),
                new AdminCalls(namespace, workers, masters, facts, calls, streams),
                new WorkerCalls(namespace, workers, facts, calls)));
        return () -> {
            methods = Map.of();
            streams.close();
        };
    }

    @Override
    public AutoCloseable serveAlways(Peer self) {
        Calls calls = new Calls("masters", MAX_PEER_CALLS, () -> true, meters);
        Streams streams = new Streams(calls);
        always = methodsOf(List.of(new PeerCalls(self, calls, streams)));
        return streams;
    }

    private static Map<String, ServerMethodDefinition<?, ?>> methodsOf(List<? extends BindableService> services) {
        return services.stream()
                .flatMap(service -> service.bindService().getMethods().stream())
                .collect(Collectors.toUnmodifiableMap(
                        method -> method.getMethodDescriptor().getFullMethodName(), method -> method));
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
        ServerMethodDefinition<?, ?> found = always.get(name);
        if (found != null) {
            return found;
        }
        Map<String, ServerMethodDefinition<?, ?>> current = methods;
        return current.isEmpty() ? refusing(name) : current.get(name);
    }

    private ServerMethodDefinition<byte[], byte[]> refusing(String name) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .setFullMethodName(name)
                .build();
        return ServerMethodDefinition.create(method, (call, headers) -> {
            StatusRuntimeException refusal = GrpcErrors.encode(
                    new TarnException(ErrorCode.NOT_LEADER, "this master does not lead; " + leader.get()));
            Status status = refusal.getStatus();
            call.close(status, Objects.requireNonNullElseGet(refusal.getTrailers(), Metadata::new));
            return new ServerCall.Listener<>() {};
        });
    }
}
