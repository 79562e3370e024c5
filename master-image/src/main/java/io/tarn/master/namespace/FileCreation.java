package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Quota;
import io.tarn.master.record.Record;
import io.tarn.master.record.Usage;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.v1.Caller;
import io.tarn.protocol.v1.CreateRequest;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.WritePolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Begins to write a file: checks the place, takes the lease, and gives a ticket. The file joins its directory when it is complete. Safe for many threads.
 */
final class FileCreation {
    private static final long MIN_BLOCK_BYTES = 1 << 20;

    private static final Mutations.Answer<CreateResponse> ANSWER = CallAnswers.of(CreateResponse.parser());

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final MissingDirectories directories;
    private final AtomicLong turns = new AtomicLong();

    FileCreation(NamespaceParts parts, Lookups lookups, Mutations mutations, MissingDirectories directories) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.directories = directories;
    }

    CompletableFuture<CreateResponse> create(CreateRequest message) throws TarnException {
        Request request = Request.following(parts, message.getCaller(), message.getPath());
        if (request.path().isRoot()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, "/ is a directory");
        }
        Permissions.checkMode(message.getMode());
        List<Taker> takers = parts.workers().takers(drawn(message.getCaller()));
        if (takers.isEmpty()) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "no worker is up to write to; start one, or try again", null, 1000);
        }
        MountEntry mount =
                parts.mountTables().of(new NamespaceView(parts.store())).covering(request.path());
        Plan plan = new Plan(request, message, takers, order(message));
        if (mount == null) {
            WriteChoice unmounted = WriteChoice.of(message.getWriteType(), Inherited.NONE, null, parts.config());
            return mutations.inMemory(request.call(), ANSWER, (view, records) -> {
                Walk walk = lookups.resolver(view, request.user(), request.startMillis())
                        .walk(request.path());
                WriteChoice choice = unmounted.below(walk.inherited());
                return startOwned(plan, checkTarget(plan, walk), walk, choice, view, records);
            });
        }
        Writability.requireWritable(mount);
        return mutations.throughStore(
                request.call(),
                ANSWER,
                List.of(request.path()),
                CreateResponse.class,
                () -> createMounted(plan, mount));
    }

    /** New files are spread over the workers: each call goes to another one. */
    private static PlacementKey drawn(Caller caller) {
        return new PlacementKey(caller.getClientId() + caller.getCallNumber());
    }

    private WriteOrder order(CreateRequest message) {
        boolean inTurn = message.getWritePolicy() == WritePolicy.ROUND_ROBIN;
        return new WriteOrder(message.getWritePolicy(), message.getHost(), inTurn ? turns.getAndIncrement() : 0);
    }

    private record Plan(Request request, CreateRequest message, List<Taker> takers, WriteOrder order) {}

    private CreateResponse createMounted(Plan plan, MountEntry mount) throws TarnException {
        Request request = plan.request;
        Walk walk = lookups.blocking(request.user(), request.startMillis(), resolver -> resolver.walk(request.path()));
        Base base = checkTarget(plan, walk);
        WriteChoice choice = WriteChoice.of(plan.message.getWriteType(), walk.inherited(), mount, parts.config())
                .below(walk.inherited());
        if (!choice.isThrough()) {
            return mutations.lastStep(
                    request.call(), ANSWER, (view, records) -> startOwned(plan, base, walk, choice, view, records));
        }
        Node above = walk.isComplete() ? walk.directory() : walk.deepest();
        int end = request.path().names().size() - 1;
        directories.makeInStore(request, walk, end, above, MissingDirectories.PARENT_MODE);
        Node directory = walk.missing() > 1
                ? lookups.blocking(
                        request.user(),
                        resolver -> resolver.require(request.path().parent()))
                : above;
        MountPlace place = directory.place();
        if (place == null) {
            throw MissingDirectories.mountsChanged();
        }
        return mutations.lastStep(
                request.call(),
                ANSWER,
                (view, records) -> start(plan, base, directory, place.key(), choice, view, records));
    }

    private CreateResponse startOwned(
            Plan plan, Base base, Walk walk, WriteChoice choice, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        Request request = plan.request;
        int end = request.path().names().size() - 1;
        Node directory = walk.isComplete()
                ? walk.directory()
                : directories.makeOwned(
                        request,
                        walk,
                        end,
                        MissingDirectories.PARENT_MODE,
                        choice.dueMillis(request.startMillis()),
                        view,
                        records);
        return start(plan, base, directory, directory.directoryKey(), choice, view, records);
    }

    /**
     * What the new content begins with.
     *
     * @param replaced what stands there now, and goes when the new file is complete
     */
    private record Base(
            @Nullable Node file, long lengthBytes, @Nullable Node replaced) {
        private static final Base NOTHING = new Base(null, 0, null);

        /** What the store holds under the name, as far as this walk has seen. */
        private String storeTag() {
            return switch (replaced) {
                case Node.OwnedNode owned -> owned.inode().storeTag();
                case Node.MirroredNode mirrored -> mirrored.row().versionTag();
                case null -> "";
            };
        }

        /** Workers that have what is kept. */
        private List<Long> holders() {
            return file instanceof Node.OwnedNode owned ? owned.inode().holders() : List.of();
        }
    }

    /** What stands at the path now, and whether this user may write there. */
    private static Base checkTarget(Plan plan, Walk walk) throws TarnException {
        Request request = plan.request;
        String path = request.path().toString();
        if (walk.isComplete()) {
            Node there = walk.deepest();
            if (there.isDirectory()) {
                throw new TarnException(ErrorCode.IS_A_DIRECTORY, path + " is a directory");
            }
            if (!plan.message.getOverwrite() && !plan.message.hasBase()) {
                throw new TarnException(ErrorCode.ALREADY_EXISTS, path + " exists; overwrite it, or choose another");
            }
            Permissions.require(there, request.user(), Permissions.WRITE, path);
            return plan.message.hasBase() ? base(plan, there, path) : new Base(null, 0, there);
        }
        if (plan.message.hasBase()) {
            throw walk.notFound();
        }
        if (!walk.deepest().isDirectory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, path + " would be below a file");
        }
        if (walk.missing() > 1 && !plan.message.getCreateParents()) {
            throw walk.notFound();
        }
        Permissions.requireChange(walk.deepest(), request.user(), path);
        return Base.NOTHING;
    }

    private static Base base(Plan plan, Node file, String path) throws TarnException {
        long length = file.lengthBytes();
        var asked = plan.message.getBase();
        long kept = asked.getAllBytes() ? length : asked.getLengthBytes();
        if (kept < 0 || kept > length) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    path + " has " + length + " bytes; it cannot be cut to " + Long.toUnsignedString(kept));
        }
        return new Base(file, kept, file);
    }

    private CreateResponse start(
            Plan plan,
            Base base,
            Node directory,
            DirectoryKey key,
            WriteChoice choice,
            NamespaceView view,
            Consumer<Record> records)
            throws TarnException {
        Request request = plan.request;
        String path = request.path().toString();
        if (key instanceof DirectoryKey.Owned owned && view.inode(owned.inodeId()) == null) {
            throw MissingDirectories.mountsChanged();
        }
        boolean afterThrough = takePlace(plan, directory, view, records);
        String storeTag = afterThrough ? Inode.UNKNOWN_TAG : base.storeTag();
        if (choice.isThrough()) {
            markReplaced(base, view, records);
        }
        Inode replaced = view.child(key, request.path().name());
        if (replaced == null && !choice.isThrough()) {
            Quotas.requireRoom(view, key, new Usage(1, 0));
        }
        List<Taker> takers = WritePlaces.fitting(plan.takers, choice.placement(), base.holders(), path);
        WritePlaces places = WritePlaces.of(parts, plan.order.of(takers, base.holders()), choice);
        Inode inode = newFile(plan, base, directory, key, places.workerIds(), view, records)
                .withStore(false, storeTag);
        PendingFile pending = new PendingFile(
                inode.id(),
                request.clientId(),
                request.user().name(),
                choice.isThrough(),
                choice.persistAfterMillis(),
                places.copies());
        records.accept(new Record.FileStarted(inode, pending));
        parts.leases().grant(inode.id(), request.clientId());
        MountPlace place = directory.place();
        MountPlace through = choice.isThrough() && place != null ? place.child(inode.name()) : null;
        CreateResponse.Builder response = CreateResponse.newBuilder()
                .setStatus(parts.statuses().of(inode, path))
                .setTicket(parts.tickets()
                        .toWrite(
                                inode,
                                choice.type(),
                                plan.message.getDurable(),
                                through,
                                path,
                                choice.pinned(),
                                places.copies()))
                .addAllWorkers(places.workers())
                .setLeaseMillis((int) parts.leases().durationMillis())
                .setReceiptNeededForBytesOnly(!choice.isThrough() && base.lengthBytes == 0);
        long mostBytes = choice.isThrough() ? Quota.UNLIMITED : Quotas.mostBytes(view, key, replaced);
        if (mostBytes != Quota.UNLIMITED) {
            response.setMaxLengthBytes(mostBytes);
        }
        if (base.file != null) {
            long id = parts.statuses().of(base.file, path).getId();
            response.setBaseTicket(parts.tickets().toRead(base.file, id, path, choice.pinned(), choice.placement()))
                    .setBaseLengthBytes(base.lengthBytes);
        }
        return response.build();
    }

    /** A write through the store that is cut off may leave something below the owned file over which it began. */
    private static void markReplaced(Base base, NamespaceView view, Consumer<Record> records) {
        Inode owned = base.replaced instanceof Node.OwnedNode node
                ? view.inode(node.inode().id())
                : null;
        if (owned != null) {
            records.accept(new Record.InodeChanged(owned.withUnknownInStore()));
        }
    }

    private Inode newFile(
            Plan plan,
            Base base,
            Node directory,
            DirectoryKey key,
            List<Long> workerIds,
            NamespaceView view,
            Consumer<Record> records) {
        Request request = plan.request;
        long asked = plan.message.getBlockSizeBytes();
        long blockSize = asked == 0 ? parts.config().blockSize().bytes() : Math.max(MIN_BLOCK_BYTES, asked);
        Node old = base.file;
        Inode inode = Inode.newFile(
                parts.ids().next(view, records),
                key,
                request.path().name(),
                old == null ? request.user().name() : old.owner(),
                old == null ? MissingDirectories.groupFor(directory, request.user()) : old.group(),
                old == null ? plan.message.getMode() : old.mode(),
                request.startMillis(),
                blockSize,
                workerIds);
        return old == null ? inode : inode.withExtendedAttributes(old.extendedAttributes());
    }

    /**
     * One writer per path: an older one gives way only when its lease is over, or to its own client's overwrite.
     *
     * @return whether it wrote through the store, which may have taken its file
     */
    private boolean takePlace(Plan plan, Node directory, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        PendingFile pending = Pendings.at(view, directory, plan.request.path().name());
        if (pending == null) {
            return false;
        }
        boolean replaces = plan.message.getOverwrite() || plan.message.hasBase();
        boolean own = pending.clientId() == plan.request.clientId() && replaces;
        if (parts.leases().isLive(pending.inodeId()) && !own) {
            throw Writability.beingWritten(pending, plan.request.path().toString());
        }
        if (parts.leases().isSealing(pending.inodeId())
                && !own
                && !plan.message.getOverwrite()
                && isHeld(view, pending)) {
            throw new TarnException(
                    ErrorCode.BUSY,
                    plan.request.path() + " is being completed at what its dead writer had flushed; try again",
                    null,
                    1000);
        }
        parts.leases().release(pending.inodeId());
        records.accept(new Record.FileAbandoned(pending.inodeId()));
        return pending.through();
    }

    /** Whether a worker can still say what was flushed. */
    private boolean isHeld(NamespaceView view, PendingFile pending) {
        Inode inode = view.inode(pending.inodeId());
        return inode != null && inode.holders().stream().anyMatch(parts.workers()::isAlive);
    }
}
