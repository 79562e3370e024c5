package io.tarn.worker.registration;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.master.MasterAddress;
import io.tarn.protocol.master.MasterNames;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeartbeatResponse;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.RegisterResponse;
import io.tarn.protocol.v1.WorkerServiceGrpc;
import io.tarn.protocol.v1.WorkerServiceGrpc.WorkerServiceBlockingStub;
import io.tarn.worker.persist.PersistMaster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls to whichever master answers; after each round of all of them it is looked up anew who they are. For one thread, except {@link #close}. */
public final class MasterCalls implements PersistMaster {
    private final MasterNames names;
    private final Duration timeout;
    private List<MasterAddress> masters;
    private int current;
    private volatile @Nullable ManagedChannel channel;

    public MasterCalls(List<String> masters, Duration timeout) {
        this.names = new MasterNames(masters.stream().map(MasterAddress::parse).toList());
        this.timeout = timeout;
        this.masters = names.lookUp();
    }

    RegisterResponse register(RegisterRequest request) throws TarnException {
        return call(stub -> stub.register(request));
    }

    HeartbeatResponse heartbeat(HeartbeatRequest request) throws TarnException {
        return call(stub -> stub.heartbeat(request));
    }

    @Override
    public ExchangePersistsResponse exchangePersists(ExchangePersistsRequest request) throws TarnException {
        return call(stub -> stub.exchangePersists(request));
    }

    /** The master that is called now. */
    String master() {
        return masters.get(current).toString();
    }

    /** Calls the next master from now on. */
    @Override
    public void next() {
        close();
        current++;
        if (current == masters.size()) {
            masters = names.lookUp();
            current = 0;
        }
    }

    private <T> T call(Function<WorkerServiceBlockingStub, T> body) throws TarnException {
        ManagedChannel open = channel;
        if (open == null) {
            MasterAddress address = masters.get(current);
            open = NettyChannelBuilder.forAddress(address.host(), address.port())
                    .usePlaintext()
                    .build();
            channel = open;
        }
        WorkerServiceBlockingStub stub =
                WorkerServiceGrpc.newBlockingStub(open).withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return body.apply(stub);
        } catch (RuntimeException e) {
            throw GrpcErrors.decode(e);
        }
    }

    @Override
    public void close() {
        ManagedChannel open = channel;
        if (open != null) {
            channel = null;
            open.shutdownNow();
        }
    }
}
