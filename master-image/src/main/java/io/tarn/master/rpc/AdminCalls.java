package io.tarn.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.v1.*;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** The calls of whoever runs the cluster. Safe for many threads. */
final class AdminCalls extends AdminServiceGrpc.AdminServiceImplBase {
    private final Namespace namespace;
    private final WorkerRegistry workers;
    private final Masters masters;
    private final ClusterFacts facts;
    private final Calls calls;
    private final Streams streams;

    AdminCalls(
            Namespace namespace,
            WorkerRegistry workers,
            Masters masters,
            ClusterFacts facts,
            Calls calls,
            Streams streams) {
        this.namespace = namespace;
        this.workers = workers;
        this.masters = masters;
        this.facts = facts;
        this.calls = calls;
        this.streams = streams;
    }

    @Override
    public void mount(MountRequest request, StreamObserver<MountResponse> observer) {
        calls.unary("Mount", observer, () -> namespace.mount(request));
    }

    @Override
    public void unmount(UnmountRequest request, StreamObserver<UnmountResponse> observer) {
        calls.unary("Unmount", observer, () -> namespace.unmount(request));
    }

    @Override
    public void listMounts(ListMountsRequest request, StreamObserver<ListMountsResponse> observer) {
        calls.unary(
                "ListMounts",
                observer,
                () -> CompletableFuture.completedFuture(ListMountsResponse.newBuilder()
                        .addAllMounts(namespace.mounts())
                        .build()));
    }

    @Override
    public void getClusterInfo(GetClusterInfoRequest request, StreamObserver<GetClusterInfoResponse> observer) {
        calls.unary(
                "GetClusterInfo",
                observer,
                () -> CompletableFuture.completedFuture(GetClusterInfoResponse.newBuilder()
                        .setClusterId(facts.clusterId())
                        .setVersion(facts.version())
                        .setEpoch(facts.epoch())
                        .setStartedMillis(facts.startedMillis())
                        .setOwnedInodes(facts.ownedInodes())
                        .setMirroredEntries(facts.mirroredEntries())
                        .setJournalSequence(facts.journalSequence())
                        .setJournalBytes(facts.journalBytes())
                        .addAllWorkers(workers.infos(namespace.drained()))
                        .addAllMounts(namespace.mounts())
                        .setPersists(namespace.persistFigures())
                        .build()));
    }

    @Override
    public void checkpoint(CheckpointRequest request, StreamObserver<CheckpointResponse> observer) {
        calls.unary("Checkpoint", observer, () -> {
            namespace.requireSuperuser(request.getCaller(), "write checkpoints");
            return apart(() -> CheckpointResponse.newBuilder()
                    .setSequence(facts.checkpoint())
                    .build());
        });
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupResponse> observer) {
        streams.start("Backup", (ServerCallStreamObserver<BackupResponse>) observer, () -> {
            namespace.requireSuperuser(request.getCaller(), "make backups");
            return new BackupStream(facts.backup());
        });
    }

    @Override
    public void listMasters(ListMastersRequest request, StreamObserver<ListMastersResponse> observer) {
        calls.unary(
                "ListMasters",
                observer,
                () -> apart(() -> ListMastersResponse.newBuilder()
                        .addAllMasters(masters.infos())
                        .build()));
    }

    @Override
    public void checkUp(CheckUpRequest request, StreamObserver<CheckUpResponse> observer) {
        calls.unary(
                "CheckUp",
                observer,
                () -> apart(() -> CheckUpResponse.newBuilder()
                        .addAllFindings(masters.checkUp())
                        .build()));
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
        calls.unary("TransferLeadership", new SteppingDown<>(observer, masters::stepDown), () -> {
            namespace.requireSuperuser(request.getCaller(), "transfer the leadership");
            return apart(() -> TransferLeadershipResponse.newBuilder()
                    .setAddress(masters.nameSuccessor(request.getAddress()))
                    .build());
        });
    }

    @Override
    public void decommissionWorker(
            DecommissionWorkerRequest request, StreamObserver<DecommissionWorkerResponse> observer) {
        calls.unary("DecommissionWorker", observer, () -> {
            namespace.requireSuperuser(request.getCaller(), "decommission workers");
            WorkerAddress address = workers.named(request.getWorker());
            return namespace
                    .setLeaving(address.getWorkerId(), !request.getCancel())
                    .thenApply(done -> DecommissionWorkerResponse.newBuilder()
                            .setAddress(address)
                            .build());
        });
    }

    /** What may wait. */
    private static <T> CompletableFuture<T> apart(Callable<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("master-admin").start(() -> {
            try {
                answer.complete(work.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
