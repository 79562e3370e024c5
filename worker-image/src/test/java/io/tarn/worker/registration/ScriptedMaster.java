package io.tarn.worker.registration;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeartbeatResponse;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.RegisterResponse;
import io.tarn.protocol.v1.WorkerServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A master's worker service that does what a test says. Safe for use by many threads. */
final class ScriptedMaster extends WorkerServiceGrpc.WorkerServiceImplBase implements AutoCloseable {
    static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    final BlockingQueue<RegisterRequest> registrations = new LinkedBlockingQueue<>();
    final BlockingQueue<HeartbeatRequest> heartbeats = new LinkedBlockingQueue<>();
    private final Server server;
    private List<Mount> mounts = List.of();
    private long mountTableVersion = 1;
    private List<Member> members = List.of();
    private long membershipVersion = 1;
    private List<FileVersionId> deletions = List.of();
    private boolean forgets;
    private @Nullable TarnException refusal;

    ScriptedMaster(int port) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(this)
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    synchronized void mount(List<Mount> newMounts) {
        mounts = newMounts;
        mountTableVersion++;
    }

    synchronized void members(List<Member> newMembers) {
        members = newMembers;
        membershipVersion++;
    }

    synchronized void delete(List<FileVersionId> versions) {
        deletions = versions;
    }

    /** Answers the next heartbeat as one who does not know the worker. */
    synchronized void forgetWorker() {
        forgets = true;
    }

    /** Refuses whoever registers from now on. */
    synchronized void refuse(TarnException why) {
        refusal = why;
    }

    @Override
    public synchronized void register(RegisterRequest request, StreamObserver<RegisterResponse> answers) {
        registrations.add(request);
        if (refusal != null) {
            answers.onError(GrpcErrors.encode(refusal));
            return;
        }
        answers.onNext(RegisterResponse.newBuilder()
                .setEpoch(3)
                .setMountTableVersion(mountTableVersion)
                .addAllMounts(mounts)
                .setTicketKey(ByteString.copyFrom(KEY))
                .setHeartbeatMillis(20)
                .setClusterId("test")
                .setMembershipVersion(membershipVersion)
                .addAllMembers(members)
                .build());
        answers.onCompleted();
    }

    @Override
    public synchronized void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answers) {
        heartbeats.add(request);
        HeartbeatResponse.Builder answer = HeartbeatResponse.newBuilder()
                .setEpoch(4)
                .setMountTableVersion(mountTableVersion)
                .setMembershipVersion(membershipVersion)
                .addAllDeleteVersions(deletions)
                .setOwnedTaken(request.getOwnedVersionsCount() > 0)
                .setRegisterAgain(forgets);
        if (request.getMountTableVersion() != mountTableVersion) {
            answer.addAllMounts(mounts);
        }
        if (request.getMembershipVersion() != membershipVersion) {
            answer.addAllMembers(members);
        }
        forgets = false;
        answers.onNext(answer.build());
        answers.onCompleted();
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        @Nullable T next = queue.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited in vain for a call of the worker");
        }
        return next;
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }
}
