package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.CreateRequest;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.protocol.v1.WriteType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Begins to write a file: checks the place, takes the lease, and gives a ticket. The file joins its directory when it is complete. Safe for many threads.
 */
final class FileCreation {
    private static final long MIN_BLOCK_BYTES = 1 << 20;
    /** The answer is remembered, so it is kept small. */
    private static final int MAX_WORKERS_TOLD = 8;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final MissingDirectories directories;

    FileCreation(NamespaceParts parts, Lookups lookups, Mutations mutations, MissingDirectories directories) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.directories = directories;
    }

    CompletableFuture<CreateResponse> create(CreateRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getPath());
        if (request.path().isRoot()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, "/ is a directory");
        }
        Permissions.checkMode(message.getMode());
        List<WorkerAddress> workers =
                parts.workers().alive().stream().limit(MAX_WORKERS_TOLD).toList();
        if (workers.isEmpty()) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "no worker is up to write to; start one, or try again", null, 1000);
        }
        MountEntry mount =
                parts.mountTables().of(new NamespaceView(parts.store())).covering(request.path());
        WriteType writeType = Writability.resolve(message.getWriteType(), mount);
        Plan plan = new Plan(request, message, mount, writeType, workers);
        CompletableFuture<CreateResponse> response;
        if (mount == null) {
            response = mutations.inMemory(
                    request.call(),
                    CallAnswers.of(CreateResponse.parser()),
                    (view, records) -> validateOwned(plan, view, records));
        } else {
            Writability.requireWritable(mount);
            response = mutations.throughStore(
                    request.call(),
                    CallAnswers.of(CreateResponse.parser()),
                    List.of(request.path()),
                    CreateResponse.class,
                    () -> createMounted(plan, mount));
        }
        return response;
    }

    private record Plan(
            Request request,
            CreateRequest message,
            @Nullable MountEntry mount,
            WriteType writeType,
            List<WorkerAddress> workers) {}

    private CreateResponse validateOwned(Plan plan, NamespaceView view, Consumer<Record> records) throws TarnException {
        Request request = plan.request;
        Walk walk =
                lookups.resolver(view, request.user(), request.startMillis()).walk(request.path());
        checkTarget(plan, walk);
        Node directory = walk.isComplete()
                ? walk.directory()
                : directories.makeOwned(
                        request,
                        walk,
                        request.path().names().size() - 1,
                        MissingDirectories.PARENT_MODE,
                        view,
                        records);
        if (!(directory.directoryKey() instanceof DirectoryKey.Owned)) {
            throw MissingDirectories.mountsChanged();
        }
        return start(plan, directory, view, records);
    }

    private CreateResponse createMounted(Plan plan, MountEntry mount) throws TarnException {
        Request request = plan.request;
        Walk walk = lookups.blocking(request.user(), request.startMillis(), resolver -> resolver.walk(request.path()));
        checkTarget(plan, walk);
        Node directory = walk.isComplete() ? walk.directory() : walk.deepest();
        if (walk.missing() > 1) {
            int end = request.path().names().size() - 1;
            List<Record> made = directories.makeInStore(request, walk, end, mount, MissingDirectories.PARENT_MODE);
            mutations.step((view, records) -> {
                made.forEach(records);
                return true;
            });
            directories.mirror(mount, walk, end);
            Node parent = lookups.blocking(
                    request.user(), resolver -> resolver.require(request.path().parent()));
            return finish(plan, parent);
        }
        return finish(plan, directory);
    }

    private CreateResponse finish(Plan plan, Node directory) throws TarnException {
        if (!(directory.directoryKey() instanceof DirectoryKey.Mirrored)) {
            throw MissingDirectories.mountsChanged();
        }
        return mutations.lastStep(
                plan.request.call(),
                CallAnswers.of(CreateResponse.parser()),
                (view, records) -> start(plan, directory, view, records));
    }

    /** What stands at the path now, and whether this user may write there. */
    private static void checkTarget(Plan plan, Walk walk) throws TarnException {
        Request request = plan.request;
        String path = request.path().toString();
        if (walk.isComplete()) {
            if (walk.deepest().isDirectory()) {
                throw new TarnException(ErrorCode.IS_A_DIRECTORY, path + " is a directory");
            }
            if (!plan.message.getOverwrite()) {
                throw new TarnException(ErrorCode.ALREADY_EXISTS, path + " exists; overwrite it, or choose another");
            }
            Permissions.require(walk.deepest(), request.user(), Permissions.WRITE, path);
            return;
        }
        if (!walk.deepest().isDirectory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, path + " would be below a file");
        }
        if (walk.missing() > 1 && !plan.message.getCreateParents()) {
            throw walk.notFound();
        }
        Permissions.requireChange(walk.deepest(), request.user(), path);
    }

    private CreateResponse start(Plan plan, Node directory, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        Request request = plan.request;
        DirectoryKey key = directory.directoryKey();
        takePlace(plan, key, view, records);
        WorkerAddress worker = plan.workers.getFirst();
        long blockSize = plan.message.getBlockSizeBytes();
        Inode inode = Inode.newFile(
                parts.ids().next(view, records),
                key,
                request.path().name(),
                request.user().name(),
                MissingDirectories.groupFor(directory, request.user()),
                plan.message.getMode(),
                request.startMillis(),
                blockSize == 0 ? parts.config().blockSize().bytes() : Math.max(MIN_BLOCK_BYTES, blockSize),
                List.of(worker.getWorkerId()));
        records.accept(
                new Record.FileStarted(inode, request.clientId(), request.user().name()));
        parts.leases().grant(inode.id(), request.clientId());
        String path = request.path().toString();
        return CreateResponse.newBuilder()
                .setStatus(parts.statuses().of(inode, path))
                .setTicket(parts.tickets().toWrite(inode, plan.writeType, path))
                .addAllWorkers(plan.workers)
                .setLeaseMillis((int) parts.leases().durationMillis())
                .setReceiptNeededForBytesOnly(plan.mount == null)
                .build();
    }

    /** One writer per path: an older one gives way only when its lease is over, or to its own client's overwrite. */
    private void takePlace(Plan plan, DirectoryKey key, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        PendingFile pending = view.pending(key, plan.request.path().name());
        if (pending == null) {
            return;
        }
        boolean own = pending.clientId() == plan.request.clientId() && plan.message.getOverwrite();
        if (parts.leases().isLive(pending.inodeId()) && !own) {
            throw Writability.beingWritten(pending, plan.request.path().toString());
        }
        parts.leases().release(pending.inodeId());
        records.accept(new Record.FileAbandoned(pending.inodeId()));
    }
}
