package io.tarn.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tarn.protocol.v1.FetchStateRequest;
import io.tarn.protocol.v1.FetchStateResponse;
import io.tarn.protocol.v1.GetMemberRequest;
import io.tarn.protocol.v1.GetMemberResponse;
import io.tarn.protocol.v1.PeerServiceGrpc;
import java.util.concurrent.CompletableFuture;

/** What other masters ask this one, whether it leads or not. Safe for many threads. */
final class PeerCalls extends PeerServiceGrpc.PeerServiceImplBase {
    private final Peer self;
    private final Calls calls;
    private final Streams streams;

    PeerCalls(Peer self, Calls calls, Streams streams) {
        this.self = self;
        this.calls = calls;
        this.streams = streams;
    }

    @Override
    public void getMember(GetMemberRequest request, StreamObserver<GetMemberResponse> observer) {
        calls.unary(
                "GetMember",
                observer,
                () -> CompletableFuture.completedFuture(
                        GetMemberResponse.newBuilder().setMember(self.info()).build()));
    }

    @Override
    public void fetchState(FetchStateRequest request, StreamObserver<FetchStateResponse> observer) {
        streams.start(
                "FetchState",
                (ServerCallStreamObserver<FetchStateResponse>) observer,
                () -> new StateStream(self.copyState()));
    }
}
