package io.tarn.master.namespace;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.leader.Leader;
import io.tarn.master.mirror.Mirror;
import io.tarn.master.persist.PersistExchange;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.master.work.PathLocks;
import io.tarn.master.work.PeriodicTask;
import io.tarn.master.work.StoreExecutor;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.protocol.v1.*;
import io.tarn.protocol.v1.PersistFigures;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The namespace: what callers can ask of it. No method waits for a store or the journal: answers come through futures, failures as {@link TarnException},
 * thrown at once or through the future. Safe for many threads.
 */
public final class Namespace implements AutoCloseable {
    private static final Duration HOUSEKEEPING_PAUSE = Duration.ofMillis(500);
    private static final Duration PERSIST_PAUSE = Duration.ofMillis(100);

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final FileOpening opening;
    private final FileCreation creation;
    private final FileCompletion completion;
    private final DirectoryCreation directories;
    private final LinkCreation links;
    private final Deletion deletion;
    private final Renaming renaming;
    private final AttributeChanges attributes;
    private final QuotaChanges quotas;
    private final Mounting mounting;
    private final Syncing syncing;
    private final Recovery recovery;
    private final PersistExchange exchange;
    private final PersistAsking asking;
    private final Persister persister;
    private final Sealing sealing;
    private final PinReview pins;
    private final Healing healing;
    private final Orphans orphans;
    private final KnownWorkers known;
    private final Housekeeping rounds;
    private final Expiry expiry;
    private final PeriodicTask persists;
    private final PeriodicTask expiring;
    private final PeriodicTask housekeeping;

    /**
     * @param leader writes to {@code store}, which holds a cluster already
     * @param workers soft state, asked at each open
     * @param workerRemoval after so long a silence a worker is forgotten
     */
    public Namespace(
            Leader<Record> leader,
            StateStore store,
            Mirror mirror,
            Workers workers,
            GroupResolver groups,
            TicketSigner signer,
            InstantSource clock,
            InstantSource steadyClock,
            MeterRegistry meters,
            NamespaceConfig config,
            Duration workerRemoval) {
        Users users = new Users(groups, config);
        this.parts = new NamespaceParts(
                leader,
                store,
                new MountTables(store),
                mirror,
                new MirrorDefaults(users.superuser(), users.supergroup()),
                users,
                new PathLocks(config.pathWait().toMillis()),
                new Leases(steadyClock, config.lease().toMillis()),
                new CallWindow(store),
                new IdAllocator(new NamespaceView(store)),
                new Tickets(signer, clock, leader.epoch(), config),
                workers,
                new StoreExecutor(config.storeOperations()),
                new StatusMessages(config.blockSize().bytes()),
                clock,
                steadyClock,
                config);
        this.lookups = new Lookups(parts);
        Mutations mutations = new Mutations(parts);
        DirectoryPersisting persisting = new DirectoryPersisting(parts, mutations);
        MissingDirectories missing = new MissingDirectories(parts, mutations, persisting);
        this.opening = new FileOpening(parts, lookups, meters);
        this.healing = new Healing(parts, meters);
        this.creation = new FileCreation(parts, lookups, mutations, missing);
        this.completion = new FileCompletion(parts, mutations);
        this.directories = new DirectoryCreation(parts, lookups, mutations, missing);
        this.links = new LinkCreation(parts, lookups, mutations, missing);
        StoreDeletion storeDeletion = new StoreDeletion(parts, mutations);
        this.deletion = new Deletion(parts, lookups, mutations, storeDeletion);
        StoreRenaming storeRenaming = new StoreRenaming(parts, mutations, new CopyRenaming(parts, mutations));
        MountedRenaming mountedRenaming = new MountedRenaming(
                parts, lookups, mutations, storeRenaming, storeDeletion, persisting, healing::lookAtAllSoon);
        this.renaming = new Renaming(parts, lookups, mutations, mountedRenaming, healing::lookAtAllSoon);
        this.attributes = new AttributeChanges(parts, lookups, mutations);
        this.quotas = new QuotaChanges(parts, lookups, mutations);
        this.mounting = new Mounting(parts, lookups, mutations);
        this.syncing = new Syncing(parts, lookups);
        this.recovery = new Recovery(parts, storeDeletion, storeRenaming);
        this.exchange = new PersistExchange(leader.epoch());
        FilePersisting files = new FilePersisting(parts, mutations, persisting, exchange);
        PersistFailures failures = new PersistFailures();
        PersistQueue queue = new PersistQueue(parts, failures);
        this.asking = new PersistAsking(parts, lookups, mutations, queue, failures);
        this.persister = new Persister(parts, persisting, files, exchange, failures, queue, meters);
        this.persists = new PeriodicTask("master-persister", persister::round);
        this.sealing = new Sealing(parts, mutations, completion, healing);
        this.pins = new PinReview(parts, lookups);
        this.orphans = new Orphans(parts);
        this.known = new KnownWorkers(parts, mutations, workerRemoval);
        this.rounds = new Housekeeping(sealing, new Reclaimer(parts, mutations), recovery, healing, known);
        this.housekeeping = new PeriodicTask("master-housekeeping", rounds::round);
        this.expiry = new Expiry(parts, lookups, deletion, meters);
        this.expiring = new PeriodicTask("master-expiry", expiry::round);
        meters.gauge("tarn.master.inodes", store, s -> s.estimatedEntries(Table.INODE));
        meters.gauge("tarn.master.mirrored.entries", store, s -> s.estimatedEntries(Table.MIRROR));
    }

    /** Gives writers of before a full lease, and begins the work in the background. */
    public void start() {
        parts.leases().grantAll(parts.store());
        known.tellLeaving();
        housekeeping.start(HOUSEKEEPING_PAUSE);
        persists.start(PERSIST_PAUSE);
        expiring.start(HOUSEKEEPING_PAUSE);
    }

    /** What waits for its store. */
    public PersistFigures persistFigures() {
        return persister.figures();
    }

    public CompletableFuture<GetStatusResponse> status(GetStatusRequest message) throws TarnException {
        Request request = message.getNoFollow()
                ? Request.of(parts, message.getCaller(), message.getPath())
                : Request.following(parts, message.getCaller(), message.getPath());
        return lookups.start(
                request.user(),
                resolver -> GetStatusResponse.newBuilder()
                        .setStatus(statusOrPending(request, resolver))
                        .build());
    }

    public CompletableFuture<OpenResponse> open(OpenRequest message) throws TarnException {
        return opening.open(message);
    }

    /** Begins a listing; its pages may wait for stores. */
    public Listing list(ListRequest message) throws TarnException {
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        return new Listing(
                lookups,
                parts.statuses(),
                request,
                message.getRecursive(),
                message.getStartAfter(),
                Integer.toUnsignedLong(message.getLimit()));
    }

    public CompletableFuture<CreateResponse> create(CreateRequest message) throws TarnException {
        return creation.create(message);
    }

    public CompletableFuture<CompleteResponse> complete(CompleteRequest message) throws TarnException {
        return completion.complete(message);
    }

    public CompletableFuture<AbandonResponse> abandon(AbandonRequest message) {
        return completion.abandon(message).thenApply(done -> AbandonResponse.getDefaultInstance());
    }

    /** A worker has sealed a file whose writer was silent. What cannot be taken now is asked for again. */
    public void sealed(SignedReceipt receipt) {
        sealing.sealed(receipt);
    }

    /** A worker has given a file to another, as it was asked to. */
    public void copied(SignedReceipt receipt) {
        healing.copied(receipt);
    }

    /** A worker has just registered. */
    public CompletableFuture<Boolean> joined(WorkerAddress address) {
        return known.joined(address);
    }

    /**
     * @param held versions of owned data that a worker has
     * @return those of them that serve nobody
     */
    public CompletableFuture<List<FileVersion>> orphans(long workerId, List<FileVersion> held) {
        return orphans.of(workerId, held);
    }

    /** The first id that no file has had yet. */
    public long nextId() {
        return new NamespaceView(parts.store()).nextId();
    }

    /** A worker has not all of a complete file that it was taken to hold. */
    public void missing(long workerId, FileVersion version) {
        healing.missing(workerId, version);
    }

    /** Lets a worker go, or keeps it after all. */
    public CompletableFuture<Boolean> setLeaving(long workerId, boolean leaving) {
        return known.setLeaving(workerId, leaving);
    }

    /** Workers that are being let go, and with which nothing is lost any more. */
    public Set<Long> drained() {
        return healing.drained();
    }

    /** Those of the files that a worker takes to be pinned that are not, or no more. Asks no store. */
    public List<FileVersionId> unpinned(List<PinnedFile> files) {
        return pins.unpinned(files);
    }

    public RenewLeasesResponse renewLeases(RenewLeasesRequest message) {
        return RenewLeasesResponse.newBuilder()
                .addAllLostFileIds(completion.renew(message))
                .build();
    }

    public CompletableFuture<MakeDirectoryResponse> makeDirectory(MakeDirectoryRequest message) throws TarnException {
        return directories
                .make(message)
                .thenApply(status ->
                        MakeDirectoryResponse.newBuilder().setStatus(status).build());
    }

    public CompletableFuture<CreateLinkResponse> createLink(CreateLinkRequest message) throws TarnException {
        return links.create(message)
                .thenApply(status ->
                        CreateLinkResponse.newBuilder().setStatus(status).build());
    }

    public CompletableFuture<DeleteResponse> delete(DeleteRequest message) throws TarnException {
        return deletion.delete(message).thenApply(done -> DeleteResponse.getDefaultInstance());
    }

    public CompletableFuture<RenameResponse> rename(RenameRequest message) throws TarnException {
        return renaming.rename(message).thenApply(done -> RenameResponse.getDefaultInstance());
    }

    public CompletableFuture<SetAttributesResponse> setAttributes(SetAttributesRequest message) throws TarnException {
        return attributes.set(message).thenApply(status -> {
            if (Inherited.changesPlacement(message)) {
                healing.lookAtAllSoon();
            }
            return SetAttributesResponse.newBuilder().setStatus(status).build();
        });
    }

    public CompletableFuture<SyncResponse> sync(SyncRequest message) throws TarnException {
        return syncing.sync(message);
    }

    public CompletableFuture<PersistResponse> persist(PersistRequest message) throws TarnException {
        return asking.persist(message);
    }

    public CompletableFuture<SetQuotaResponse> setQuota(SetQuotaRequest message) throws TarnException {
        return quotas.set(message)
                .thenApply(
                        quota -> SetQuotaResponse.newBuilder().setQuota(quota).build());
    }

    public CompletableFuture<GetQuotasResponse> quotas(GetQuotasRequest message) throws TarnException {
        return quotas.get(message);
    }

    /** Where workers are given persists to carry out. */
    public PersistExchange persists() {
        return exchange;
    }

    public CompletableFuture<MountResponse> mount(MountRequest message) throws TarnException {
        return mounting.mount(message)
                .thenApply(mount -> MountResponse.newBuilder().setMount(mount).build());
    }

    public CompletableFuture<UnmountResponse> unmount(UnmountRequest message) throws TarnException {
        return mounting.unmount(message).thenApply(done -> UnmountResponse.getDefaultInstance());
    }

    /** All mounts, without credentials. */
    public List<Mount> mounts() {
        return parts.mountTables().of(new NamespaceView(parts.store())).all().stream()
                .map(mount -> mount.toMessage())
                .toList();
    }

    /** All mounts, with credentials: for workers. */
    public List<Mount> serverMounts() {
        return parts.mountTables().of(new NamespaceView(parts.store())).all().stream()
                .map(mount -> mount.toServerMessage())
                .toList();
    }

    public long mountTableVersion() {
        return new NamespaceView(parts.store()).mountTableVersion();
    }

    /** Fails unless the caller is a superuser. */
    public void requireSuperuser(Caller caller, String doing) throws TarnException {
        Permissions.requireSuperuser(parts.users().of(caller), doing);
    }

    /** Lets workers know now which pages serve nobody any more. */
    public CompletableFuture<Boolean> reclaim() {
        return parts.executor().submit(() -> {
            rounds.reclaim();
            return true;
        });
    }

    /** Does what is done now and then, now: for tests. */
    void runBackground() throws TarnException {
        rounds.round();
        persister.round();
        expiry.round();
    }

    /** Whether nothing is left to carry on of what a crash interrupted. */
    public boolean isRecovered() {
        return recovery.isDone();
    }

    /** The file being written is visible to its own writer. */
    private FileStatus statusOrPending(Request request, Resolver resolver) throws TarnException {
        String path = request.path().toString();
        try {
            return parts.statuses().of(resolver.require(request.path()), path);
        } catch (TarnException e) {
            if (e.code() != ErrorCode.NOT_FOUND || request.path().isRoot()) {
                throw e;
            }
            Walk walk = resolver.walk(request.path());
            if (walk.missing() != 1) {
                throw e;
            }
            PendingFile pending = Pendings.at(
                    resolver.view(), walk.directory(), request.path().name());
            var inode = pending == null || pending.clientId() != request.clientId()
                    ? null
                    : resolver.view().inode(pending.inodeId());
            if (inode == null) {
                throw e;
            }
            return parts.statuses().of(inode, path);
        }
    }

    @Override
    public void close() {
        expiring.close();
        persists.close();
        housekeeping.close();
        parts.executor().close();
    }
}
