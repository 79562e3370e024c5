package io.tarn.master.rpc;

import io.grpc.stub.StreamObserver;
import io.tarn.master.membership.MembershipView;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeartbeatResponse;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.RegisterResponse;
import io.tarn.protocol.v1.WorkerServiceGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The calls of workers. Safe for many threads. */
final class WorkerCalls extends WorkerServiceGrpc.WorkerServiceImplBase {
    private final Namespace namespace;
    private final WorkerRegistry workers;
    private final ClusterFacts facts;
    private final Calls calls;

    WorkerCalls(Namespace namespace, WorkerRegistry workers, ClusterFacts facts, Calls calls) {
        this.namespace = namespace;
        this.workers = workers;
        this.facts = facts;
        this.calls = calls;
    }

    @Override
    public void register(RegisterRequest request, StreamObserver<RegisterResponse> observer) {
        calls.unary("Register", observer, () -> {
            if (request.getAddress().getWorkerId() == 0) {
                throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a worker's id is not 0");
            }
            requireOwnWorker(request);
            long registration = workers.register(request, namespace.nextId());
            return namespace
                    .joined(request.getAddress())
                    .thenCompose(
                            joined -> deleteOrphans(request.getAddress().getWorkerId(), request.getOwnedVersionsList()))
                    .thenApply(done -> registered(registration));
        });
    }

    private CompletableFuture<Boolean> deleteOrphans(long workerId, List<FileVersionId> held) {
        return namespace
                .orphans(workerId, held.stream().map(FileVersion::of).toList())
                .thenApply(orphans -> {
                    orphans.forEach(version -> workers.delete(version, List.of(workerId)));
                    return true;
                });
    }

    private RegisterResponse registered(long registration) {
        MembershipView membership = workers.view();
        return RegisterResponse.newBuilder()
                .setRegistration(registration)
                .setEpoch(facts.epoch())
                .setMountTableVersion(namespace.mountTableVersion())
                .addAllMounts(namespace.serverMounts())
                .setTicketKey(facts.ticketKey())
                .setHeartbeatMillis((int) workers.config().heartbeat().toMillis())
                .setClusterId(facts.clusterId())
                .setMembershipVersion(membership.version())
                .addAllMembers(membership.members())
                .build();
    }

    /** Another cluster gave the same ids to other files: its pages must not serve ours. */
    private void requireOwnWorker(RegisterRequest request) throws TarnException {
        String theirs = request.getClusterId();
        if (!theirs.isEmpty() && !theirs.equals(facts.clusterId())) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker " + Long.toHexString(request.getAddress().getWorkerId()) + " on "
                            + request.getAddress().getHost() + " holds pages of cluster " + theirs
                            + ", and this master is of cluster " + facts.clusterId()
                            + ": if the master has lost its directory, mount it again or restore a backup; to give the"
                            + " worker's pages up, empty its tiers and remove cluster-id from worker.directory");
        }
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> observer) {
        calls.unary(
                "Heartbeat",
                observer,
                () -> takeNamed(request).thenCombine(reclaim(request), (taken, reclaimed) -> answer(request, taken)));
    }

    private CompletableFuture<Boolean> takeNamed(HeartbeatRequest request) {
        return workers.takesNamed(request)
                ? deleteOrphans(request.getWorkerId(), request.getOwnedVersionsList())
                        .thenApply(done -> {
                            workers.named(request);
                            return true;
                        })
                : CompletableFuture.completedFuture(false);
    }

    private CompletableFuture<Boolean> reclaim(HeartbeatRequest request) {
        return request.getWantsRoom()
                ? namespace.reclaim().handle((reclaimed, tooBusy) -> tooBusy == null)
                : CompletableFuture.completedFuture(false);
    }

    private HeartbeatResponse answer(HeartbeatRequest request, boolean namedTaken) {
        List<FileVersion> deletions = workers.heartbeat(request);
        if (deletions == null) {
            return HeartbeatResponse.newBuilder()
                    .setEpoch(facts.epoch())
                    .setRegisterAgain(true)
                    .build();
        }
        long mountTableVersion = namespace.mountTableVersion();
        HeartbeatResponse.Builder response = HeartbeatResponse.newBuilder()
                .setEpoch(facts.epoch())
                .setMountTableVersion(mountTableVersion)
                .setOwnedTaken(namedTaken);
        deletions.forEach(version -> response.addDeleteVersions(version.toMessage()));
        request.getSealedList().forEach(namespace::sealed);
        request.getCopiedList().forEach(namespace::copied);
        request.getMissingList().forEach(version -> namespace.missing(request.getWorkerId(), FileVersion.of(version)));
        response.addAllUnpinned(namespace.unpinned(request.getPinnedList()));
        workers.takeFrees(request.getWorkerId()).forEach(version -> response.addFreeVersions(version.toMessage()));
        response.addAllSeal(workers.takeSeals(request.getWorkerId()));
        response.addAllCopy(workers.takeCopies(request.getWorkerId()));
        response.addAllLookFor(workers.takeToLookFor(request.getWorkerId()));
        if (request.getMountTableVersion() != mountTableVersion) {
            response.addAllMounts(namespace.serverMounts());
        }
        MembershipView membership = workers.view();
        response.setMembershipVersion(membership.version());
        if (request.getMembershipVersion() != membership.version()) {
            response.addAllMembers(membership.members());
        }
        return response.build();
    }

    @Override
    public void exchangePersists(ExchangePersistsRequest request, StreamObserver<ExchangePersistsResponse> observer) {
        calls.unary("ExchangePersists", observer, () -> namespace.persists().exchange(request));
    }
}
