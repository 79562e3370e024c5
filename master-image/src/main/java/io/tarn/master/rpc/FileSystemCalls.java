package io.tarn.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tarn.master.namespace.Listing;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.v1.*;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The file system's calls. Safe for many threads. */
final class FileSystemCalls extends FileSystemServiceGrpc.FileSystemServiceImplBase {
    private final Namespace namespace;
    private final Calls calls;
    private final Streams streams;

    FileSystemCalls(Namespace namespace, Calls calls, Streams streams) {
        this.namespace = namespace;
        this.calls = calls;
        this.streams = streams;
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> observer) {
        calls.unary("GetStatus", observer, () -> namespace.status(request));
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListResponse> observer) {
        streams.start("List", (ServerCallStreamObserver<ListResponse>) observer, () -> {
            Listing listing = namespace.list(request);
            return () -> {
                List<FileStatus> page = listing.next();
                return page.isEmpty()
                        ? null
                        : ListResponse.newBuilder().addAllEntries(page).build();
            };
        });
    }

    @Override
    public void open(OpenRequest request, StreamObserver<OpenResponse> observer) {
        calls.unary("Open", observer, () -> namespace.open(request));
    }

    @Override
    public void create(CreateRequest request, StreamObserver<CreateResponse> observer) {
        calls.unary("Create", observer, () -> namespace.create(request));
    }

    @Override
    public void complete(CompleteRequest request, StreamObserver<CompleteResponse> observer) {
        calls.unary("Complete", observer, () -> namespace.complete(request));
    }

    @Override
    public void abandon(AbandonRequest request, StreamObserver<AbandonResponse> observer) {
        calls.unary("Abandon", observer, () -> namespace.abandon(request));
    }

    @Override
    public void renewLeases(RenewLeasesRequest request, StreamObserver<RenewLeasesResponse> observer) {
        calls.unary("RenewLeases", observer, () -> CompletableFuture.completedFuture(namespace.renewLeases(request)));
    }

    @Override
    public void makeDirectory(MakeDirectoryRequest request, StreamObserver<MakeDirectoryResponse> observer) {
        calls.unary("MakeDirectory", observer, () -> namespace.makeDirectory(request));
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
        calls.unary("Delete", observer, () -> namespace.delete(request));
    }

    @Override
    public void rename(RenameRequest request, StreamObserver<RenameResponse> observer) {
        calls.unary("Rename", observer, () -> namespace.rename(request));
    }

    @Override
    public void setAttributes(SetAttributesRequest request, StreamObserver<SetAttributesResponse> observer) {
        calls.unary("SetAttributes", observer, () -> namespace.setAttributes(request));
    }

    @Override
    public void sync(SyncRequest request, StreamObserver<SyncResponse> observer) {
        calls.unary("Sync", observer, () -> namespace.sync(request));
    }

    @Override
    public void persist(PersistRequest request, StreamObserver<PersistResponse> observer) {
        calls.unary("Persist", observer, () -> namespace.persist(request));
    }

    @Override
    public void createLink(CreateLinkRequest request, StreamObserver<CreateLinkResponse> observer) {
        calls.unary("CreateLink", observer, () -> namespace.createLink(request));
    }

    @Override
    public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> observer) {
        calls.unary("SetQuota", observer, () -> namespace.setQuota(request));
    }

    @Override
    public void getQuotas(GetQuotasRequest request, StreamObserver<GetQuotasResponse> observer) {
        calls.unary("GetQuotas", observer, () -> namespace.quotas(request));
    }
}
