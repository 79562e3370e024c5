package io.tarn.client.internal.master;

import io.tarn.client.AttributeChange;
import io.tarn.client.BackupResult;
import io.tarn.client.ClusterInfo;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.HealthFinding;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.MasterState;
import io.tarn.client.MountInfo;
import io.tarn.client.MountSettings;
import io.tarn.client.PersistProgress;
import io.tarn.client.QuotaInfo;
import io.tarn.client.SyncResult;
import io.tarn.client.WritePolicy;
import io.tarn.client.internal.call.Failures;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.AbandonRequest;
import io.tarn.protocol.v1.AdminServiceGrpc;
import io.tarn.protocol.v1.Base;
import io.tarn.protocol.v1.CheckUpRequest;
import io.tarn.protocol.v1.CompleteRequest;
import io.tarn.protocol.v1.CreateLinkRequest;
import io.tarn.protocol.v1.CreateRequest;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.DecommissionWorkerRequest;
import io.tarn.protocol.v1.DeleteRequest;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileSystemServiceGrpc;
import io.tarn.protocol.v1.GetClusterInfoRequest;
import io.tarn.protocol.v1.GetQuotasRequest;
import io.tarn.protocol.v1.GetStatusRequest;
import io.tarn.protocol.v1.ListMastersRequest;
import io.tarn.protocol.v1.ListMountsRequest;
import io.tarn.protocol.v1.MakeDirectoryRequest;
import io.tarn.protocol.v1.MountRequest;
import io.tarn.protocol.v1.OpenRequest;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.PersistRequest;
import io.tarn.protocol.v1.PersistResponse;
import io.tarn.protocol.v1.RenameRequest;
import io.tarn.protocol.v1.SetQuotaRequest;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SyncRequest;
import io.tarn.protocol.v1.SyncResponse;
import io.tarn.protocol.v1.TransferLeadershipRequest;
import io.tarn.protocol.v1.UnmountRequest;
import io.tarn.protocol.v1.WorkerAddress;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The masters' calls, typed. Thread-safe; blocks unless it returns a future. */
public final class Namespace {
    private final MasterCalls calls;
    private final MountTable mounts;
    private final KnownOpens opens = new KnownOpens();

    public Namespace(MasterCalls calls) {
        this.calls = calls;
        this.mounts = new MountTable(calls);
    }

    public FileInfo info(FileStatus status) {
        return Messages.file(status, mounts.storeUri(status));
    }

    public FileInfo status(String path) throws TarnException {
        return status(path, false);
    }

    /** Of a symbolic link itself. */
    public FileInfo linkStatus(String path) throws TarnException {
        return status(path, true);
    }

    public FileInfo createLink(String path, String target, boolean createParents) throws TarnException {
        CreateLinkRequest request = CreateLinkRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setTarget(target)
                .setCreateParents(createParents)
                .build();
        return info(
                calls.call(FileSystemServiceGrpc.getCreateLinkMethod(), request).getStatus());
    }

    private FileInfo status(String path, boolean itself) throws TarnException {
        GetStatusRequest request = GetStatusRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setNoFollow(itself)
                .build();
        return info(
                calls.call(FileSystemServiceGrpc.getGetStatusMethod(), request).getStatus());
    }

    public @Nullable FileInfo statusOrNull(String path) throws TarnException {
        try {
            return status(path);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    public Listing list(String path, ListOptions options) throws TarnException {
        return MasterListing.start(calls, this, normal(path), options);
    }

    /** Asks the master. */
    public CompletableFuture<OpenResponse> open(String path) throws TarnException {
        String normal = normal(path);
        OpenRequest request = OpenRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal)
                .build();
        return calls.start(FileSystemServiceGrpc.getOpenMethod(), request).thenApply(answer -> {
            opens.keep(normal, answer);
            return answer;
        });
    }

    /** Asks the master unless it has said that nothing changes there; where none answers, what one said before. */
    public CompletableFuture<OpenResponse> openKnown(String path) throws TarnException {
        String normal = normal(path);
        OpenResponse known = opens.find(normal);
        return known == null
                ? open(path).exceptionallyCompose(failure -> openOld(normal, failure))
                : CompletableFuture.completedFuture(known);
    }

    private CompletableFuture<OpenResponse> openOld(String path, Throwable failure) {
        TarnException cause = Failures.of(failure);
        boolean nobody = cause.code() == ErrorCode.UNAVAILABLE
                || cause.code() == ErrorCode.TIMEOUT
                || cause.code() == ErrorCode.NOT_LEADER;
        OpenResponse old = nobody ? opens.findOld(path) : null;
        return old == null ? CompletableFuture.failedFuture(cause) : CompletableFuture.completedFuture(old);
    }

    /**
     * @param policy which worker it is written to
     * @param base what the new version begins with; null for nothing
     */
    public CreateResponse create(String path, CreateOptions options, WritePolicy policy, @Nullable Base base)
            throws TarnException {
        CreateRequest.Builder request = CreateRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setOverwrite(options.overwrite())
                .setCreateParents(options.createParents())
                .setMode(options.mode())
                .setBlockSizeBytes(options.blockSizeBytes())
                .setWriteType(Messages.writeType(options.writeType()))
                .setDurable(options.durable())
                .setWritePolicy(Messages.writePolicy(policy))
                .setHost(policy.kind() == WritePolicy.Kind.LOCAL_FIRST ? OwnHost.name() : policy.host());
        if (base != null) {
            request.setBase(base);
        }
        return calls.call(FileSystemServiceGrpc.getCreateMethod(), request.build());
    }

    /** @param receipt the worker's; null where nothing was written and the master asks for none */
    public FileInfo complete(long fileId, @Nullable SignedReceipt receipt) throws TarnException {
        CompleteRequest.Builder request =
                CompleteRequest.newBuilder().setCaller(calls.caller()).setFileId(fileId);
        if (receipt != null) {
            request.setReceipt(receipt);
        }
        return info(calls.call(FileSystemServiceGrpc.getCompleteMethod(), request.build())
                .getStatus());
    }

    /** @param keepFlushed the file ends where it was flushed last */
    public CompletableFuture<?> abandon(long fileId, boolean keepFlushed) {
        AbandonRequest request = AbandonRequest.newBuilder()
                .setCaller(calls.caller())
                .setFileId(fileId)
                .setKeepFlushed(keepFlushed)
                .build();
        return calls.start(FileSystemServiceGrpc.getAbandonMethod(), request);
    }

    public FileInfo makeDirectory(String path, boolean createParents, boolean allowExisting, int mode)
            throws TarnException {
        MakeDirectoryRequest request = MakeDirectoryRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setCreateParents(createParents)
                .setAllowExisting(allowExisting)
                .setMode(mode)
                .build();
        return info(calls.call(FileSystemServiceGrpc.getMakeDirectoryMethod(), request)
                .getStatus());
    }

    public void delete(String path, boolean recursive) throws TarnException {
        DeleteRequest request = DeleteRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setRecursive(recursive)
                .build();
        var unused = calls.call(FileSystemServiceGrpc.getDeleteMethod(), request);
    }

    public void rename(String source, String target, boolean overwrite) throws TarnException {
        RenameRequest request = RenameRequest.newBuilder()
                .setCaller(calls.caller())
                .setSource(normal(source))
                .setTarget(normal(target))
                .setOverwrite(overwrite)
                .build();
        var unused = calls.call(FileSystemServiceGrpc.getRenameMethod(), request);
    }

    public FileInfo setAttributes(String path, AttributeChange change) throws TarnException {
        var request = Messages.attributes(change)
                .setCaller(calls.caller())
                .setPath(normal(path))
                .build();
        return info(calls.call(FileSystemServiceGrpc.getSetAttributesMethod(), request)
                .getStatus());
    }

    public SyncResult sync(String path, boolean recursive) throws TarnException {
        SyncRequest request = SyncRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setRecursive(recursive)
                .build();
        SyncResponse answer = calls.call(FileSystemServiceGrpc.getSyncMethod(), request);
        return new SyncResult(answer.getEntriesSeen(), answer.getEntriesChanged());
    }

    public PersistProgress persist(String path, boolean recursive) throws TarnException {
        PersistRequest request = PersistRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setRecursive(recursive)
                .build();
        PersistResponse answer = calls.call(FileSystemServiceGrpc.getPersistMethod(), request);
        return new PersistProgress(answer.getWaiting(), answer.getFailing(), answer.getFirstFailure());
    }

    public QuotaInfo setQuota(String path, @Nullable Long maxInodes, @Nullable Long maxBytes) throws TarnException {
        SetQuotaRequest.Builder request =
                SetQuotaRequest.newBuilder().setCaller(calls.caller()).setPath(normal(path));
        if (maxInodes != null) {
            request.setMaxInodes(maxInodes);
        }
        if (maxBytes != null) {
            request.setMaxBytes(maxBytes);
        }
        return Messages.quota(calls.call(FileSystemServiceGrpc.getSetQuotaMethod(), request.build())
                .getQuota());
    }

    /** @param path null: all that are set */
    public List<QuotaInfo> quotas(@Nullable String path) throws TarnException {
        GetQuotasRequest request = GetQuotasRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(path == null ? "" : normal(path))
                .build();
        return calls.call(FileSystemServiceGrpc.getGetQuotasMethod(), request).getQuotasList().stream()
                .map(Messages::quota)
                .toList();
    }

    public MountInfo mount(String path, String storeUri, MountSettings settings) throws TarnException {
        MountRequest request = MountRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .setStoreUri(storeUri)
                .setOptions(Messages.mountOptions(settings))
                .build();
        return Messages.mount(
                calls.call(AdminServiceGrpc.getMountMethod(), request).getMount());
    }

    public void unmount(String path) throws TarnException {
        UnmountRequest request = UnmountRequest.newBuilder()
                .setCaller(calls.caller())
                .setPath(normal(path))
                .build();
        var unused = calls.call(AdminServiceGrpc.getUnmountMethod(), request);
    }

    public List<MountInfo> mounts() throws TarnException {
        ListMountsRequest request =
                ListMountsRequest.newBuilder().setCaller(calls.caller()).build();
        return calls.call(AdminServiceGrpc.getListMountsMethod(), request).getMountsList().stream()
                .map(Messages::mount)
                .toList();
    }

    public ClusterInfo clusterInfo() throws TarnException {
        GetClusterInfoRequest request =
                GetClusterInfoRequest.newBuilder().setCaller(calls.caller()).build();
        return Messages.cluster(calls.call(AdminServiceGrpc.getGetClusterInfoMethod(), request));
    }

    public List<MasterState> masters() throws TarnException {
        ListMastersRequest request =
                ListMastersRequest.newBuilder().setCaller(calls.caller()).build();
        return calls.call(AdminServiceGrpc.getListMastersMethod(), request).getMastersList().stream()
                .map(Messages::master)
                .toList();
    }

    public List<HealthFinding> checkUp() throws TarnException {
        CheckUpRequest request =
                CheckUpRequest.newBuilder().setCaller(calls.caller()).build();
        return calls.call(AdminServiceGrpc.getCheckUpMethod(), request).getFindingsList().stream()
                .map(Messages::finding)
                .toList();
    }

    public String transferLeadership(String address) throws TarnException {
        // Waits until a master leads: a second try might take the leadership from the one that has just got it.
        var unused = clusterInfo();
        TransferLeadershipRequest request = TransferLeadershipRequest.newBuilder()
                .setCaller(calls.caller())
                .setAddress(address)
                .build();
        return calls.callOnce(AdminServiceGrpc.getTransferLeadershipMethod(), request)
                .getAddress();
    }

    public String decommission(String worker, boolean cancel) throws TarnException {
        WorkerAddress address = calls.call(
                        AdminServiceGrpc.getDecommissionWorkerMethod(),
                        DecommissionWorkerRequest.newBuilder()
                                .setCaller(calls.caller())
                                .setWorker(worker)
                                .setCancel(cancel)
                                .build())
                .getAddress();
        return address.getHost() + ":" + address.getDataPort();
    }

    public BackupResult backup(WritableByteChannel target) throws IOException {
        var unused = clusterInfo(); // waits until a master leads; the backup itself has one try
        return new BackupDownload(calls, target).run();
    }

    /** Refuses an impossible path here, where the error is nearest to its cause. */
    private static String normal(String path) throws TarnException {
        return TarnPath.parse(path).toString();
    }
}
