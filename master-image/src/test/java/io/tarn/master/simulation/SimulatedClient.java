package io.tarn.master.simulation;

import com.google.protobuf.ByteString;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.AbandonRequest;
import io.tarn.protocol.v1.AdminServiceGrpc;
import io.tarn.protocol.v1.Caller;
import io.tarn.protocol.v1.CompleteRequest;
import io.tarn.protocol.v1.CreateRequest;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.DeleteRequest;
import io.tarn.protocol.v1.FileSystemServiceGrpc;
import io.tarn.protocol.v1.MakeDirectoryRequest;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.MountRequest;
import io.tarn.protocol.v1.OpenRequest;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.RenameRequest;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.TransferLeadershipRequest;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tarn's client as the masters and workers see it: one call after the other, each repeated with its number until its outcome is known, or for long. For one thread. */
final class SimulatedClient {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final SimulatedCluster cluster;
    private final SimulatedProcess process;
    private final MasterCaller masters;
    private final long id;
    private long calls;

    SimulatedClient(SimulatedCluster cluster, SimulatedProcess process, long id) {
        this.cluster = cluster;
        this.process = process;
        this.masters = new MasterCaller(cluster, process);
        this.id = id;
    }

    private Caller caller() {
        return Caller.newBuilder()
                .setClientId(id)
                .setCallNumber(++calls)
                .setUser("root")
                .build();
    }

    private <T> T ask(MasterCaller.Call<T> call) throws TarnException {
        return masters.within(PATIENCE_NANOS, call);
    }

    void mount(String path, String uri) throws TarnException {
        MountRequest request = MountRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setStoreUri(uri)
                .setOptions(MountOptions.newBuilder()
                        .setSyncIntervalMillis(TimeUnit.DAYS.toMillis(1))
                        .setWriteType(WriteType.ASYNC_THROUGH))
                .build();
        ask(channel -> AdminServiceGrpc.newBlockingStub(channel).mount(request));
    }

    /** One try. */
    void transferLeadership() throws TarnException {
        var request = TransferLeadershipRequest.newBuilder().setCaller(caller()).build();
        masters.once(channel -> AdminServiceGrpc.newBlockingStub(channel).transferLeadership(request));
    }

    /** @return null where nothing is there */
    @Nullable
    OpenResponse open(String path) throws TarnException {
        OpenRequest request =
                OpenRequest.newBuilder().setCaller(caller()).setPath(path).build();
        try {
            return ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).open(request));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    void makeDirectory(String path, boolean parents) throws TarnException {
        var request = MakeDirectoryRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setCreateParents(parents)
                .setMode(0755)
                .build();
        ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).makeDirectory(request));
    }

    void delete(String path, boolean recursive) throws TarnException {
        var request = DeleteRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setRecursive(recursive)
                .build();
        ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).delete(request));
    }

    void rename(String source, String target, boolean overwrite) throws TarnException {
        var request = RenameRequest.newBuilder()
                .setCaller(caller())
                .setSource(source)
                .setTarget(target)
                .setOverwrite(overwrite)
                .build();
        ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).rename(request));
    }

    /** Says which workers the files below a directory are on. */
    void place(String directory, String workers) throws TarnException {
        var request = SetAttributesRequest.newBuilder()
                .setCaller(caller())
                .setPath(directory)
                .putSetExtendedAttributes("tarn.workers", ByteString.copyFromUtf8(workers))
                .build();
        ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).setAttributes(request));
    }

    /** Writes a whole file. */
    void write(String path, long bytes, boolean overwrite) throws TarnException {
        CreateRequest create = CreateRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setOverwrite(overwrite)
                .setMode(0644)
                .build();
        CreateResponse created =
                ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).create(create));
        cluster.writing(1);
        try {
            complete(created, send(created, bytes));
        } catch (TarnException e) {
            switch (e.code()) {
                case NOT_FOUND, ALREADY_EXISTS, LEASE_EXPIRED, LEASE_CONFLICT ->
                    throw new TarnException(ErrorCode.OUTCOME_UNKNOWN, "the file is not this writer's any more", e);
                default -> throw e;
            }
        } finally {
            cluster.writing(-1);
        }
    }

    private void complete(CreateResponse created, SignedReceipt receipt) throws TarnException {
        CompleteRequest complete = CompleteRequest.newBuilder()
                .setCaller(caller())
                .setFileId(created.getStatus().getId())
                .setReceipt(receipt)
                .build();
        ask(channel -> FileSystemServiceGrpc.newBlockingStub(channel).complete(complete));
    }

    private SignedReceipt send(CreateResponse created, long bytes) throws TarnException {
        if (created.getWorkersCount() == 0) {
            throw new TarnException(ErrorCode.UNAVAILABLE, "no worker");
        }
        SimulatedWorker worker = cluster.worker(created.getWorkers(0).getWorkerId());
        CompletableFuture<SignedReceipt> answer = new CompletableFuture<>();
        SimulatedProcess serving = worker.process();
        cluster.network()
                .send(
                        process,
                        serving,
                        () -> serving.start("write", () -> {
                            CompletableFuture<SignedReceipt> done = new CompletableFuture<>();
                            worker.write(created.getTicket(), bytes, done);
                            cluster.network()
                                    .send(
                                            serving,
                                            process,
                                            () -> done.whenComplete((value, failure) -> {
                                                if (failure == null) {
                                                    answer.complete(value);
                                                } else {
                                                    answer.completeExceptionally(failure);
                                                }
                                            }),
                                            () -> {});
                        }),
                        () -> answer.completeExceptionally(new TarnException(ErrorCode.UNAVAILABLE, "no connection")));
        boolean sent = false;
        try {
            SignedReceipt receipt = answer.completeOnTimeout(
                            SignedReceipt.getDefaultInstance(), WRITE_NANOS, TimeUnit.NANOSECONDS)
                    .thenApply(SimulatedClient::requireAnswer)
                    .join();
            sent = true;
            return receipt;
        } catch (CompletionException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw failure;
            }
            throw e;
        } finally {
            if (!sent) {
                abandon(created);
            }
        }
    }

    private static SignedReceipt requireAnswer(SignedReceipt receipt) {
        if (receipt.equals(SignedReceipt.getDefaultInstance())) {
            throw new CompletionException(new TarnException(ErrorCode.TIMEOUT, "no answer"));
        }
        return receipt;
    }

    private void abandon(CreateResponse created) {
        AbandonRequest request = AbandonRequest.newBuilder()
                .setCaller(caller())
                .setFileId(created.getStatus().getId())
                .build();
        try {
            masters.once(
                    channel -> FileSystemServiceGrpc.newBlockingStub(channel).abandon(request));
        } catch (TarnException e) {
            // its lease ends
        }
    }
}
