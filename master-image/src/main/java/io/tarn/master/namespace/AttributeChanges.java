package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Changes owner, group, mode, times and extended attributes; what a store can keep is kept there, the rest in an overlay. Safe for many threads. */
final class AttributeChanges {
    /** All extended attributes of one inode together, names and values. */
    private static final int MAX_EXTENDED_BYTES = 64 << 10;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;

    AttributeChanges(NamespaceParts parts, Lookups lookups, Mutations mutations) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
    }

    CompletableFuture<FileStatus> set(SetAttributesRequest asked) throws TarnException {
        Request request = Request.following(parts, asked.getCaller(), asked.getPath());
        checkValues(asked);
        checkWriting(asked);
        SetAttributesRequest message = withSetter(asked, request.user());
        if (message.getRecursive()) {
            return mutations.throughStore(
                    request.call(),
                    CallAnswers.STATUS,
                    List.of(request.path()),
                    FileStatus.class,
                    () -> setRecursively(request, message));
        }
        MountTable mounts = parts.mountTables().of(new NamespaceView(parts.store()));
        if (mounts.covering(request.path()) == null || mounts.at(request.path()) != null) {
            return mutations.inMemory(request.call(), CallAnswers.STATUS, (view, records) -> {
                Node node = lookups.resolver(view, request.user(), request.startMillis())
                        .require(request.path());
                checkPermission(node, request.user(), message);
                if (!(node instanceof Node.OwnedNode owned)) {
                    throw MissingDirectories.mountsChanged();
                }
                Inode changed = apply(owned.inode(), message);
                records.accept(new Record.InodeChanged(changed));
                return parts.statuses().of(changed, request.path().toString());
            });
        }
        return mutations.throughStore(
                request.call(), CallAnswers.STATUS, List.of(request.path()), FileStatus.class, () -> {
                    FileStatus changed = setOne(request, request.path(), message);
                    return mutations.lastStep(request.call(), CallAnswers.STATUS, (view, records) -> changed);
                });
    }

    private FileStatus setRecursively(Request request, SetAttributesRequest message) throws TarnException {
        Listing listing = new Listing(lookups, parts.statuses(), request, true, "", 0);
        boolean directory = lookups.blocking(request.user(), resolver -> resolver.require(request.path()))
                .isDirectory();
        for (List<FileStatus> page = List.of(); directory && !(page = listing.next()).isEmpty(); ) {
            for (FileStatus entry : page) {
                setOne(request, TarnPath.parse(entry.getPath()), message);
            }
        }
        FileStatus top = setOne(request, request.path(), message);
        return mutations.lastStep(request.call(), CallAnswers.STATUS, (view, records) -> top);
    }

    private FileStatus setOne(Request request, TarnPath path, SetAttributesRequest message) throws TarnException {
        Node node = lookups.blocking(request.user(), request.startMillis(), resolver -> resolver.require(path));
        checkPermission(node, request.user(), message);
        return switch (node) {
            case Node.OwnedNode owned ->
                mutations.step((view, records) -> {
                    Inode inode = view.inode(owned.inode().id());
                    if (inode == null) {
                        throw new TarnException(ErrorCode.NOT_FOUND, path + " does not exist any more");
                    }
                    Inode changed = apply(inode, message);
                    records.accept(new Record.InodeChanged(changed));
                    return parts.statuses().of(changed, path.toString());
                });
            case Node.MirroredNode mirrored -> setMounted(mirrored, path, message);
        };
    }

    private FileStatus setMounted(Node.MirroredNode node, TarnPath path, SetAttributesRequest message)
            throws TarnException {
        MountEntry mount = node.mount();
        UnderStore store = parts.mirror().stores().of(mount);
        StoreAttributes asked = new StoreAttributes(
                message.hasOwner() ? message.getOwner() : null,
                message.hasGroup() ? message.getGroup() : null,
                message.hasMode() ? message.getMode() : null,
                message.hasModifiedMillis() ? message.getModifiedMillis() : null);
        boolean lost = !node.row().present();
        if (!asked.equals(StoreAttributes.NONE)) {
            Writability.requireWritable(mount);
            if (!lost) {
                store.setAttributes(node.path(), asked);
            }
        }
        Optional<StoreStatus> kept =
                lost ? Optional.of(StoreStatus.directory(node.path(), 0)) : store.status(node.path());
        if (kept.isEmpty()) {
            throw new TarnException(ErrorCode.NOT_FOUND, path + " does not exist any more in " + store.uri());
        }
        Overlay overlay = overlay(node.overlay(), message, kept.get());
        mutations.step((view, records) -> {
            records.accept(new Record.OverlayChanged(mount.id(), node.path(), overlay));
            return true;
        });
        if (!lost) {
            parts.mirror().put(mount.id(), kept.get());
        }
        MirrorRow row = lost ? node.row() : MirrorRow.of(kept.get(), 0);
        return parts.statuses().of(parts.defaults().node(mount, node.path(), row, overlay), path.toString());
    }

    /** What of the asked the store did not keep, over what was laid over before. */
    private static Overlay overlay(Overlay before, SetAttributesRequest message, StoreStatus kept)
            throws TarnException {
        String owner = message.hasOwner() ? message.getOwner() : before.owner();
        String group = message.hasGroup() ? message.getGroup() : before.group();
        Long mode = message.hasMode() ? Long.valueOf(message.getMode()) : before.mode();
        Long modified =
                message.hasModifiedMillis() ? Long.valueOf(message.getModifiedMillis()) : before.modifiedMillis();
        Long accessed =
                message.hasAccessedMillis() ? Long.valueOf(message.getAccessedMillis()) : before.accessedMillis();
        return new Overlay(
                owner != null && owner.equals(kept.owner()) ? null : owner,
                group != null && group.equals(kept.group()) ? null : group,
                mode != null && mode == kept.mode() ? null : mode,
                modified != null && modified == kept.modifiedMillis() ? null : modified,
                accessed,
                merged(before.extendedAttributes(), message));
    }

    private static Inode apply(Inode inode, SetAttributesRequest message) throws TarnException {
        return inode.withAttributes(
                message.hasOwner() ? message.getOwner() : inode.owner(),
                message.hasGroup() ? message.getGroup() : inode.group(),
                message.hasMode() ? message.getMode() : inode.mode(),
                message.hasModifiedMillis() ? message.getModifiedMillis() : inode.modifiedMillis(),
                message.hasAccessedMillis() ? message.getAccessedMillis() : inode.accessedMillis(),
                merged(inode.extendedAttributes(), message));
    }

    private static Map<String, ByteString> merged(Map<String, ByteString> before, SetAttributesRequest message)
            throws TarnException {
        if (message.getSetExtendedAttributesCount() == 0 && message.getRemoveExtendedAttributesCount() == 0) {
            return before;
        }
        Map<String, ByteString> after = new TreeMap<>(before);
        message.getRemoveExtendedAttributesList().forEach(after::remove);
        after.putAll(message.getSetExtendedAttributesMap());
        long bytes = 0;
        for (Map.Entry<String, ByteString> attribute : after.entrySet()) {
            bytes += attribute.getKey().length() + attribute.getValue().size();
            if (attribute.getKey().isEmpty() || attribute.getKey().length() > TarnPath.MAX_NAME_BYTES) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT, "the name of an extended attribute has 1 to 255 characters");
            }
        }
        if (bytes > MAX_EXTENDED_BYTES) {
            throw new TarnException(
                    ErrorCode.TOO_LARGE,
                    "the extended attributes of one file take at most " + MAX_EXTENDED_BYTES + " bytes, not " + bytes);
        }
        return after;
    }

    private static void checkValues(SetAttributesRequest message) throws TarnException {
        if (message.hasMode()) {
            Permissions.checkMode(message.getMode());
        }
        if (message.hasOwner()) {
            Users.checkName(message.getOwner(), "a user");
        }
        if (message.hasGroup()) {
            Users.checkName(message.getGroup(), "a group");
        }
        if (message.getModifiedMillis() < 0 || message.getAccessedMillis() < 0) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a time before 1970");
        }
    }

    /** Attributes that say how what is below is written and kept. */
    private static void checkWriting(SetAttributesRequest message) throws TarnException {
        ByteString type = message.getSetExtendedAttributesMap().get(Inherited.WRITE_TYPE);
        if (type != null) {
            WriteChoice.parse(type.toStringUtf8());
        }
        if (message.containsSetExtendedAttributes(Inode.LINK)
                || message.getRemoveExtendedAttributesList().contains(Inode.LINK)) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, Inode.LINK + " is how links are kept; make a link to have one");
        }
        ByteString interval = message.getSetExtendedAttributesMap().get(Inherited.CHECKPOINT_INTERVAL);
        if (interval != null) {
            WriteChoice.interval(interval.toStringUtf8());
        }
        ByteString pinned = message.getSetExtendedAttributesMap().get(Inherited.PINNED);
        if (pinned != null && !List.of("true", "false").contains(pinned.toStringUtf8())) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, Inherited.PINNED + " takes true or false");
        }
        checkPlacement(message);
    }

    private static void checkPlacement(SetAttributesRequest message) throws TarnException {
        ByteString workers = message.getSetExtendedAttributesMap().get(Inherited.WORKERS);
        if (workers != null) {
            var unused = WorkerSelector.parse(workers.toStringUtf8());
        }
        ByteString copies = message.getSetExtendedAttributesMap().get(Inherited.COPIES);
        if (copies != null) {
            var unused = Placement.parseCopies(copies.toStringUtf8());
        }
    }

    /** Whoever gives a time to live is noted with it. */
    private static SetAttributesRequest withSetter(SetAttributesRequest message, User user) throws TarnException {
        ByteString ttl = message.getSetExtendedAttributesMap().get(Inode.TTL);
        return ttl == null
                ? message
                : message.toBuilder()
                        .putSetExtendedAttributes(
                                Inode.TTL,
                                Ttl.asked(ttl.toStringUtf8(), user.name()).toAttribute())
                        .build();
    }

    private static void checkPermission(Node node, User user, SetAttributesRequest message) throws TarnException {
        String path = message.getPath();
        if (message.hasOwner() && !message.getOwner().equals(node.owner())) {
            Permissions.requireSuperuser(user, "give " + path + " to another owner");
        }
        if (message.hasGroup() && !message.getGroup().equals(node.group())) {
            Permissions.requireOwner(node, user, path);
            if (!user.isIn(message.getGroup())) {
                Permissions.requireSuperuser(user, "give " + path + " to a group that they are not in");
            }
        }
        if (message.hasMode() || message.hasModifiedMillis() || message.hasAccessedMillis()) {
            Permissions.requireOwner(node, user, path);
        }
        if (message.getSetExtendedAttributesCount() > 0 || message.getRemoveExtendedAttributesCount() > 0) {
            Permissions.require(node, user, Permissions.WRITE, path);
        }
    }
}
