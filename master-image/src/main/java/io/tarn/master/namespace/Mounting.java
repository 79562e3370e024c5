package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.MountRequest;
import io.tarn.protocol.v1.UnmountRequest;
import io.tarn.protocol.v1.WriteType;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mounts and unmounts stores. Safe for many threads. */
final class Mounting {
    private static final Logger LOG = LoggerFactory.getLogger(Mounting.class);
    private static final int MAX_MOUNTS = 10_000;
    /** Workers get all mounts in one message. */
    private static final int MAX_REQUEST_BYTES = 64 << 10;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;

    Mounting(NamespaceParts parts, Lookups lookups, Mutations mutations) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
    }

    CompletableFuture<Mount> mount(MountRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getPath());
        Permissions.requireSuperuser(request.user(), "mount stores");
        checkOptions(message);
        return mutations.throughStore(
                request.call(),
                CallAnswers.of(Mount.parser()),
                List.of(request.path()),
                Mount.class,
                () -> mountNow(request, message));
    }

    CompletableFuture<Boolean> unmount(UnmountRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getPath());
        Permissions.requireSuperuser(request.user(), "unmount stores");
        return mutations.throughStore(
                request.call(), CallAnswers.DONE, List.of(request.path()), Boolean.class, () -> unmountNow(request));
    }

    private Mount mountNow(Request request, MountRequest message) throws TarnException {
        checkOverlap(new NamespaceView(parts.store()), message);
        Walk walk = lookups.blocking(request.user(), request.startMillis(), resolver -> {
            Walk found = resolver.walk(request.path());
            checkPlace(resolver, found);
            return found;
        });
        RootAttributes root = rootAttributes(message);
        MountEntry mount = mutations.lastStep(
                request.call(),
                new MountAnswer(),
                (view, records) -> validate(request, message, walk, root, view, records));
        parts.mirror().forgetMount(mount.id());
        LOG.info("Mounted {}", mount);
        return mount.toMessage();
    }

    /** Owner, group and mode that the mount point shows. */
    private record RootAttributes(String owner, String group, int mode) {}

    private RootAttributes rootAttributes(MountRequest message) throws TarnException {
        MountOptions options = message.getOptions();
        MirrorDefaults defaults = parts.defaults();
        RootAttributes byOptions = new RootAttributes(
                defaults.ownerOf(options), defaults.groupOf(options), defaults.defaultMode(options, true));
        try (UnderStore store = parts.mirror().stores().open(message.getStoreUri(), options)) {
            store.checkAccess();
            Optional<StoreStatus> root = store.capabilities().keepsOwnerAndMode() ? store.status("") : Optional.empty();
            if (root.isEmpty()) {
                return byOptions;
            }
            StoreStatus status = root.get();
            return new RootAttributes(
                    status.owner() == null ? byOptions.owner : status.owner(),
                    status.group() == null ? byOptions.group : status.group(),
                    status.mode() < 0 ? byOptions.mode : status.mode());
        }
    }

    private static void checkPlace(Resolver resolver, Walk walk) throws TarnException {
        TarnPath path = walk.path();
        if (walk.missing() > 1) {
            throw walk.notFound();
        }
        if (!walk.deepest().isDirectory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, path + " is a file, or would be below one");
        }
        if (walk.isComplete() && walk.deepest() instanceof Node.OwnedNode owned) {
            if (owned.inode().isMountPoint()) {
                throw new TarnException(
                        ErrorCode.ALREADY_EXISTS,
                        path + " is a mount point already, of "
                                + resolver.mount(owned.inode().mountId()).storeUri()
                                + "; unmount that first, or choose another path");
            }
            if (resolver.view().hasOwnedChildren(owned.directoryKey())) {
                throw hides(path);
            }
        }
        MountPlace place = MountPlace.of(resolver.mounts(), path);
        if (place != null && isHungBelow(resolver.view(), place)) {
            throw hides(path);
        }
    }

    /** It would be taken for what is to be persisted to the new mount. */
    private static boolean isHungBelow(NamespaceView view, MountPlace place) {
        return Hanging.isOwned(view, place.mount().id(), place.path())
                || Hanging.isWritten(view, place.mount().id(), place.path());
    }

    private static TarnException hides(TarnPath path) {
        return new TarnException(
                ErrorCode.DIRECTORY_NOT_EMPTY,
                path + " is a directory with entries, which a mount would hide; choose an empty or new one");
    }

    private MountEntry validate(
            Request request,
            MountRequest message,
            Walk walk,
            RootAttributes root,
            NamespaceView view,
            Consumer<Record> records)
            throws TarnException {
        checkOverlap(view, message);
        Node.OwnedNode existing = walk.isComplete() && walk.deepest() instanceof Node.OwnedNode owned ? owned : null;
        long mountId = parts.ids().next(view, records);
        Inode point;
        if (existing != null) {
            Inode now = view.inode(existing.inode().id());
            if (now == null || now.isMountPoint() || view.hasOwnedChildren(now.directoryKey())) {
                throw MissingDirectories.mountsChanged();
            }
            point = now.withMount(mountId);
        } else {
            DirectoryKey parent = walk.directory().directoryKey();
            boolean parentGone = parent instanceof DirectoryKey.Owned owned && view.inode(owned.inodeId()) == null;
            if (parentGone || view.childId(parent, request.path().name()) != 0) {
                throw MissingDirectories.mountsChanged();
            }
            point = Inode.newDirectory(
                            parts.ids().next(view, records),
                            parent,
                            request.path().name(),
                            root.owner,
                            root.group,
                            root.mode,
                            request.startMillis())
                    .withMount(mountId);
        }
        MountEntry mount = new MountEntry(
                mountId,
                request.path().toString(),
                message.getStoreUri(),
                message.getOptions(),
                point.id(),
                existing == null);
        records.accept(new Record.MountAdded(mount, point));
        return mount;
    }

    private boolean unmountNow(Request request) throws TarnException {
        NamespaceView committed = new NamespaceView(parts.store());
        MountTable mounts = parts.mountTables().of(committed);
        MountEntry mount = mounts.at(request.path());
        if (mount == null) {
            throw new TarnException(ErrorCode.NOT_FOUND, request.path() + " is not a mount point");
        }
        for (MountEntry other : mounts.all()) {
            if (other.id() != mount.id() && MountTable.pathOf(other).startsWith(request.path())) {
                throw new TarnException(
                        ErrorCode.DIRECTORY_NOT_EMPTY,
                        other.path() + " is mounted below " + mount.path() + "; unmount that first");
            }
        }
        mutations.lastStep(request.call(), CallAnswers.DONE, (view, records) -> {
            Writability.requireNoWriterBelow(view, mount, "");
            requireAllPersisted(view, mount);
            if (view.mount(mount.id()) == null) {
                throw MissingDirectories.mountsChanged();
            }
            records.accept(new Record.MountRemoved(
                    mount.id(), Math.max(1, parts.clock().millis())));
            return true;
        });
        parts.mirror().forgetMount(mount.id());
        LOG.info("Unmounted {}", mount);
        return true;
    }

    private static void requireAllPersisted(NamespaceView view, MountEntry mount) throws TarnException {
        if (view.figures(mount.id()).edges() != 0) {
            throw new TarnException(
                    ErrorCode.DIRECTORY_NOT_EMPTY,
                    "files or links below " + mount.path() + " are not in " + mount.storeUri()
                            + " yet; persist them, or delete them, then unmount");
        }
    }

    private static void checkOverlap(NamespaceView view, MountRequest message) throws TarnException {
        StorePlace wanted = StorePlace.of(message.getStoreUri(), message.getOptions());
        List<MountEntry> mounts = view.mounts();
        for (MountEntry mount : mounts) {
            boolean bothReadOnly =
                    message.getOptions().getReadOnly() && mount.options().getReadOnly();
            if (!bothReadOnly && wanted.overlaps(StorePlace.of(mount.storeUri(), mount.options()))) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        message.getStoreUri() + " overlaps " + mount.storeUri() + ", which is mounted on "
                                + mount.path()
                                + ", and at least one of both is writable: one could not see what the other writes; mount another"
                                + " path of the store, or both read-only");
            }
        }
        if (mounts.size() >= MAX_MOUNTS) {
            throw new TarnException(ErrorCode.TOO_LARGE, "a namespace has at most " + MAX_MOUNTS + " mounts");
        }
    }

    private static void checkOptions(MountRequest message) throws TarnException {
        MountOptions options = message.getOptions();
        if (options.getSyncIntervalMillis() < -1) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "a sync interval is -1 (never), 0 (always) or milliseconds");
        }
        if (options.getWriteType() == WriteType.UNRECOGNIZED) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a write type that this release does not know");
        }
        Permissions.checkMode(options.getDefaultFileMode());
        Permissions.checkMode(options.getDefaultDirectoryMode());
        if (message.getSerializedSize() > MAX_REQUEST_BYTES) {
            throw new TarnException(
                    ErrorCode.TOO_LARGE, "a mount with its options takes at most " + MAX_REQUEST_BYTES + " bytes");
        }
        if (options.getReadBytesPerSecond() < 0 || options.getWriteBytesPerSecond() < 0) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a bandwidth limit is 0 (none) or positive");
        }
        checkQuota(options);
    }

    private static void checkQuota(MountOptions options) throws TarnException {
        long guarantee = options.getCacheGuaranteeBytes();
        long limit = options.getCacheLimitBytes();
        if (guarantee < 0 || limit < 0 || limit > 0 && limit < guarantee) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a mount's share of the cache is 0 (none) or positive, and its limit no less than its guarantee");
        }
        if (options.getCachePriority() < 0 || options.getCachePriority() > 9) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a mount's priority in the cache is 1 to 9");
        }
    }

    /** Remembers what callers may see of a mount; a repetition gets that. */
    private static final class MountAnswer implements Mutations.Answer<MountEntry> {
        @Override
        public ByteString encode(MountEntry answer) {
            return answer.toMessage().toByteString();
        }

        @Override
        public MountEntry decode(byte[] bytes) throws TarnException {
            Mount mount = CallAnswers.of(Mount.parser()).decode(bytes);
            return new MountEntry(mount.getId(), mount.getPath(), mount.getStoreUri(), mount.getOptions(), 0, false);
        }
    }
}
