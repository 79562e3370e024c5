package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.mirror.Mirror;
import io.tarn.master.mirror.MountedStores;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.protocol.v1.*;
import io.tarn.understore.StoreStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A namespace with its leader, without network; its calls block. Close it, and make another on the same journal, to restart. */
final class NamespaceHarness implements AutoCloseable {
    static final String ROOT = "root";

    private static final AtomicLong CALLS = new AtomicLong();
    private static final byte[] KEY = new byte[32];

    final StateStore store;
    final ManualClock clock;
    final FakeWorkers workers;
    final Mirror mirror;
    final Namespace namespace;
    private final MemoryStores stores;
    private final SingleWriterLeader<Record> leader;
    private final TicketSigner signer;
    private Caller caller = Caller.newBuilder().setUser(ROOT).setClientId(1).build();

    NamespaceHarness(Journal journal, StateStore store, MemoryStores stores, ManualClock clock) throws TarnException {
        this(journal, store, stores, clock, Map.of());
    }

    NamespaceHarness(
            Journal journal, StateStore store, MemoryStores stores, ManualClock clock, Map<String, List<String>> groups)
            throws TarnException {
        this(journal, store, stores, clock, groups, new FakeWorkers());
    }

    NamespaceHarness(
            Journal journal,
            StateStore store,
            MemoryStores stores,
            ManualClock clock,
            Map<String, List<String>> groups,
            FakeWorkers workers)
            throws TarnException {
        this.workers = workers;
        this.store = store;
        this.stores = stores;
        this.clock = clock;
        leader = SingleWriterLeader.start(
                store,
                journal,
                new RecordCodec(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> {});
        if (new NamespaceView(store).cluster() == null) {
            Inode root = Inode.newDirectory(
                    Inode.ROOT_ID, new DirectoryKey.Owned(Inode.ROOT_ID), "", ROOT, ROOT, 0755, clock.millis());
            leader.submit((state, records) -> {
                        records.accept(new Record.ClusterCreated("test", ByteString.copyFrom(KEY), root));
                        return true;
                    })
                    .join();
        }
        signer = new TicketSigner(KEY, clock);
        mirror = new Mirror(store, new MountedStores(stores.asStores(), () -> true), clock, new SimpleMeterRegistry());
        NamespaceConfig defaults = NamespaceConfig.DEFAULT;
        NamespaceConfig config = new NamespaceConfig(
                ROOT,
                "supergroup",
                List.of(),
                defaults.lease(),
                defaults.ticketLifetime(),
                defaults.blockSize(),
                defaults.storeOperations(),
                defaults.pathWait(),
                defaults.persistDelay(),
                defaults.persistExclude(),
                defaults.persists(),
                defaults.ttlInterval(),
                defaults.copies(),
                defaults.healingDelay());
        namespace = new Namespace(
                leader,
                store,
                mirror,
                workers,
                user -> groups.getOrDefault(user, List.of()),
                signer,
                clock,
                clock,
                new SimpleMeterRegistry(),
                config,
                Duration.ofHours(1));
        workers.seal = this::seal;
        namespace.start();
    }

    /** The worker's answer to a request to seal a file. */
    private void seal(SignedTicket signed) {
        try {
            Ticket ticket = signer.check(signed);
            FileVersion version = FileVersion.of(ticket.getVersion());
            long flushed = workers.flushed.getOrDefault(version, 0L);
            workers.pages.add(version);
            namespace.sealed(signer.sign(Receipt.newBuilder()
                    .setFileId(ticket.getFileId())
                    .setVersion(ticket.getVersion())
                    .setLengthBytes(flushed)
                    .addWorkerIds(FakeWorkers.ID)
                    .setExpiresMillis(Long.MAX_VALUE)
                    .build()));
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    NamespaceHarness as(String user) {
        return as(user, 1);
    }

    NamespaceHarness as(String user, long clientId) {
        caller = Caller.newBuilder().setUser(user).setClientId(clientId).build();
        return this;
    }

    Caller caller() {
        return caller.toBuilder().setCallNumber(CALLS.incrementAndGet()).build();
    }

    interface Asked<T> {
        CompletableFuture<T> start() throws TarnException;
    }

    static <T> T wait(Asked<T> asked) throws TarnException {
        try {
            return asked.start().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        }
    }

    interface Attempt {
        void run() throws TarnException;
    }

    /** The code that an attempt fails with; null where it succeeds. */
    static @Nullable ErrorCode codeOf(Attempt attempt) {
        try {
            attempt.run();
            return null;
        } catch (TarnException e) {
            return e.code();
        }
    }

    FileStatus status(String path) throws TarnException {
        return wait(() -> namespace.status(GetStatusRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .build()))
                .getStatus();
    }

    FileStatus linkStatus(String path) throws TarnException {
        return wait(() -> namespace.status(GetStatusRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setNoFollow(true)
                        .build()))
                .getStatus();
    }

    FileStatus link(String target, String path) throws TarnException {
        return wait(() -> namespace.createLink(CreateLinkRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setTarget(target)
                        .build()))
                .getStatus();
    }

    OpenResponse open(String path) throws TarnException {
        return wait(() -> namespace.open(
                OpenRequest.newBuilder().setCaller(caller()).setPath(path).build()));
    }

    List<FileStatus> list(String path, boolean recursive) throws TarnException {
        Listing listing = namespace.list(ListRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setRecursive(recursive)
                .build());
        List<FileStatus> all = new ArrayList<>();
        for (List<FileStatus> page = listing.next(); !page.isEmpty(); page = listing.next()) {
            all.addAll(page);
        }
        return all;
    }

    List<String> names(String path) throws TarnException {
        return list(path, false).stream()
                .map(status -> status.getPath().substring(status.getPath().lastIndexOf('/') + 1))
                .toList();
    }

    void mkdir(String path, boolean parents, int mode) throws TarnException {
        wait(() -> namespace.makeDirectory(MakeDirectoryRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setCreateParents(parents)
                .setMode(mode)
                .build()));
    }

    void mkdir(String path) throws TarnException {
        mkdir(path, true, 0755);
    }

    CreateResponse create(String path, boolean overwrite) throws TarnException {
        return wait(() -> namespace.create(CreateRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setOverwrite(overwrite)
                .setMode(0644)
                .build()));
    }

    /** Without a worker's word. */
    FileStatus completeEmpty(CreateResponse created) throws TarnException {
        return wait(() -> namespace.complete(CompleteRequest.newBuilder()
                        .setCaller(caller())
                        .setFileId(created.getStatus().getId())
                        .build()))
                .getStatus();
    }

    /** Begins to write what an older version begins with; complete it with the whole length. */
    CreateResponse append(String path) throws TarnException {
        return wait(() -> namespace.create(CreateRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setBase(Base.newBuilder().setAllBytes(true))
                .build()));
    }

    PersistResponse persist(String path) throws TarnException {
        return wait(() -> namespace.persist(PersistRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setRecursive(true)
                .build()));
    }

    FileStatus complete(CreateResponse created, int lengthBytes) throws TarnException {
        Ticket ticket = signer.check(created.getTicket());
        Receipt.Builder receipt = Receipt.newBuilder()
                .setFileId(ticket.getFileId())
                .setVersion(ticket.getVersion())
                .setLengthBytes(lengthBytes)
                .addWorkerIds(FakeWorkers.ID)
                .setExpiresMillis(Long.MAX_VALUE);
        workers.pages.add(FileVersion.of(ticket.getVersion()));
        if (ticket.hasBacking()) {
            workers.pages.remove(FileVersion.of(ticket.getVersion()));
            Mount mount = namespace.serverMounts().stream()
                    .filter(each -> each.getId() == ticket.getBacking().getMountId())
                    .findFirst()
                    .orElseThrow();
            StoreStatus held = put(mount.getStoreUri(), ticket.getBacking().getPath(), lengthBytes);
            receipt.setModifiedMillis(held.modifiedMillis())
                    .setBacking(ticket.getBacking().toBuilder().setVersionTag(held.versionTag()));
        }
        return wait(() -> namespace.complete(CompleteRequest.newBuilder()
                        .setCaller(caller())
                        .setFileId(ticket.getFileId())
                        .setReceipt(signer.sign(receipt.build()))
                        .build()))
                .getStatus();
    }

    Ticket check(SignedTicket ticket) throws TarnException {
        return signer.check(ticket);
    }

    /** Puts a file into a store behind the namespace's back. */
    StoreStatus put(String uri, String path, int lengthBytes) throws TarnException {
        try (var writer = stores.store(uri).create(path, io.tarn.understore.CreateOptions.REPLACE)) {
            writer.write(ByteBuffer.allocate(lengthBytes));
            return writer.commit();
        }
    }

    FileStatus write(String path, int lengthBytes) throws TarnException {
        return complete(create(path, true), lengthBytes);
    }

    FileStatus writeThrough(String path, int lengthBytes) throws TarnException {
        return writeThrough(path, lengthBytes, false);
    }

    /** Its store has it when this returns. */
    FileStatus writeThrough(String path, int lengthBytes, boolean parents) throws TarnException {
        return complete(
                wait(() -> namespace.create(CreateRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setOverwrite(true)
                        .setCreateParents(parents)
                        .setMode(0644)
                        .setWriteType(WriteType.THROUGH)
                        .build())),
                lengthBytes);
    }

    /** Makes the directories above it, too. */
    FileStatus write(String path, int lengthBytes, boolean parents) throws TarnException {
        return complete(
                wait(() -> namespace.create(CreateRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setOverwrite(true)
                        .setCreateParents(parents)
                        .setMode(0644)
                        .build())),
                lengthBytes);
    }

    void delete(String path, boolean recursive) throws TarnException {
        wait(() -> namespace.delete(DeleteRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setRecursive(recursive)
                .build()));
    }

    void rename(String source, String target, boolean overwrite) throws TarnException {
        wait(() -> namespace.rename(RenameRequest.newBuilder()
                .setCaller(caller())
                .setSource(source)
                .setTarget(target)
                .setOverwrite(overwrite)
                .build()));
    }

    FileStatus set(SetAttributesRequest.Builder change, String path) throws TarnException {
        return wait(() -> namespace.setAttributes(
                        change.setCaller(caller()).setPath(path).build()))
                .getStatus();
    }

    SyncResponse sync(String path, boolean recursive) throws TarnException {
        return wait(() -> namespace.sync(SyncRequest.newBuilder()
                .setCaller(caller())
                .setPath(path)
                .setRecursive(recursive)
                .build()));
    }

    Mount mount(String path, String uri, MountOptions.Builder options) throws TarnException {
        return wait(() -> namespace.mount(MountRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setStoreUri(uri)
                        .setOptions(options)
                        .build()))
                .getMount();
    }

    Mount mount(String path, String uri) throws TarnException {
        return mount(
                path,
                uri,
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.CACHE_THROUGH));
    }

    DirectoryQuota setQuota(String path, long maxInodes, long maxBytes) throws TarnException {
        return wait(() -> namespace.setQuota(SetQuotaRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .setMaxInodes(maxInodes)
                        .setMaxBytes(maxBytes)
                        .build()))
                .getQuota();
    }

    List<DirectoryQuota> quotas(String path) throws TarnException {
        return wait(() -> namespace.quotas(GetQuotasRequest.newBuilder()
                        .setCaller(caller())
                        .setPath(path)
                        .build()))
                .getQuotasList();
    }

    void unmount(String path) throws TarnException {
        wait(() -> namespace.unmount(
                UnmountRequest.newBuilder().setCaller(caller()).setPath(path).build()));
    }

    /** Stops the namespace and its leader, not the store. */
    @Override
    public void close() {
        namespace.close();
        leader.close();
    }
}
