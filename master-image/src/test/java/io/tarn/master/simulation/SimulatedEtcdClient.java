package io.tarn.master.simulation;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Cluster;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.Lock;
import io.etcd.jetcd.Maintenance;
import io.etcd.jetcd.Txn;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.kv.CompactResponse;
import io.etcd.jetcd.kv.DeleteResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.LeaseRevokeResponse;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.op.TxnImpl;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.TxnOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.support.CloseableClient;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One process's client of the simulated etcd. What Tarn does not use is not there. */
final class SimulatedEtcdClient implements Client, KV, Lease, Watch {
    private final SimulatedEtcd etcd;
    private final SimulatedNetwork network;
    private final SimulatedProcess process;

    SimulatedEtcdClient(SimulatedEtcd etcd, SimulatedNetwork network, SimulatedProcess process) {
        this.etcd = etcd;
        this.network = network;
        this.process = process;
    }

    /** A request may be carried out long after nobody waits for its answer any more. */
    private <T> CompletableFuture<T> ask(Supplier<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable lost = () -> answer.completeExceptionally(
                Status.UNAVAILABLE.withDescription("connection lost").asRuntimeException());
        network.send(
                process,
                etcd.process(),
                () -> {
                    Runnable answering;
                    try {
                        T done = request.get();
                        answering = () -> answer.complete(done);
                    } catch (RuntimeException e) {
                        answering = () -> answer.completeExceptionally(e);
                    }
                    network.send(etcd.process(), process, answering, () -> {});
                },
                lost);
        return answer;
    }

    private CompletableFuture<TxnResponse> execute(TxnRequest request) {
        return ask(() -> new TxnResponse(etcd.execute(request), ByteSequence.EMPTY));
    }

    @Override
    public Txn txn() {
        return TxnImpl.newTxn(this::execute, ByteSequence.EMPTY);
    }

    @Override
    public CompletableFuture<GetResponse> get(ByteSequence key, GetOption option) {
        return txn().Then(Op.get(key, option))
                .commit()
                .thenApply(answer -> answer.getGetResponses().getFirst());
    }

    @Override
    public CompletableFuture<GetResponse> get(ByteSequence key) {
        return get(key, GetOption.DEFAULT);
    }

    @Override
    public CompletableFuture<PutResponse> put(ByteSequence key, ByteSequence value, PutOption option) {
        return txn().Then(Op.put(key, value, option))
                .commit()
                .thenApply(answer -> answer.getPutResponses().getFirst());
    }

    @Override
    public CompletableFuture<PutResponse> put(ByteSequence key, ByteSequence value) {
        return put(key, value, PutOption.DEFAULT);
    }

    @Override
    public CompletableFuture<LeaseGrantResponse> grant(long ttlSeconds) {
        return ask(() -> new LeaseGrantResponse(io.etcd.jetcd.api.LeaseGrantResponse.newBuilder()
                .setID(etcd.grant(ttlSeconds))
                .setTTL(ttlSeconds)
                .build()));
    }

    @Override
    public CompletableFuture<LeaseKeepAliveResponse> keepAliveOnce(long leaseId) {
        return ask(() -> new LeaseKeepAliveResponse(io.etcd.jetcd.api.LeaseKeepAliveResponse.newBuilder()
                .setID(leaseId)
                .setTTL(etcd.keepAlive(leaseId))
                .build()));
    }

    @Override
    public CompletableFuture<LeaseRevokeResponse> revoke(long leaseId) {
        return ask(() -> {
            etcd.revoke(leaseId);
            return new LeaseRevokeResponse(io.etcd.jetcd.api.LeaseRevokeResponse.getDefaultInstance());
        });
    }

    @Override
    public Watcher watch(ByteSequence key, WatchOption option, Listener listener) {
        return new SimulatedWatch(etcd, network, process, key, option, listener);
    }

    @Override
    public KV getKVClient() {
        return this;
    }

    @Override
    public Lease getLeaseClient() {
        return this;
    }

    @Override
    public Watch getWatchClient() {
        return this;
    }

    @Override
    public void close() {}

    @Override
    public CompletableFuture<DeleteResponse> delete(ByteSequence key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<DeleteResponse> delete(ByteSequence key, DeleteOption option) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<CompactResponse> compact(long revision) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<CompactResponse> compact(long revision, CompactOption option) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Txn txn(TxnOption option) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<LeaseGrantResponse> grant(long ttlSeconds, long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<LeaseTimeToLiveResponse> timeToLive(long leaseId, LeaseOption option) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CloseableClient keepAlive(long leaseId, StreamObserver<LeaseKeepAliveResponse> observer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void requestProgress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Auth getAuthClient() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cluster getClusterClient() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Maintenance getMaintenanceClient() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lock getLockClient() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Election getElectionClient() {
        throw new UnsupportedOperationException();
    }
}
