package io.tarn.master.namespace;

import io.tarn.master.mirror.Mirror;
import io.tarn.master.mirror.MirrorMiss;
import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.MountFigures;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads from paths to what is there, in one state, for one user, checking that every directory on the way may be entered. Throws {@link MirrorMiss} where a
 * mounted store must be asked first. Used by one thread, for one call.
 */
final class Resolver {
    private final NamespaceView view;
    private final MountTable mounts;
    private final MirrorDefaults defaults;
    private final User user;
    private final long startMillis;

    /** @param startMillis when the call began: a mount that always looks is content with what was seen since */
    Resolver(NamespaceView view, MountTable mounts, MirrorDefaults defaults, User user, long startMillis) {
        this.view = view;
        this.mounts = mounts;
        this.defaults = defaults;
        this.user = user;
        this.startMillis = startMillis;
    }

    NamespaceView view() {
        return view;
    }

    MountTable mounts() {
        return mounts;
    }

    User user() {
        return user;
    }

    /** Goes name by name as far as the path exists, before it is changed: so a lost directory in which a file is being written is there as well. */
    Walk walk(TarnPath path) throws TarnException {
        Node node = root();
        Node parent = null;
        Inherited inherited = Inherited.NONE;
        List<String> names = path.names();
        for (int i = 0; i < names.size(); i++) {
            requireEnterable(node, path, i);
            inherited = inherited.below(node);
            Node child = child(node, names.get(i), true);
            if (child == null) {
                return new Walk(path, i, node, parent, inherited);
            }
            parent = node;
            node = child;
        }
        return new Walk(path, names.size(), node, parent, inherited);
    }

    /**
     * What is at a path. Goes straight to it where nothing on the way can matter.
     *
     * @throws TarnException NOT_FOUND, NOT_A_DIRECTORY, PERMISSION_DENIED
     */
    Node require(TarnPath path) throws TarnException {
        return find(path).node();
    }

    /** A node, and what the directories above it say. */
    record Found(Node node, Inherited inherited) {
        boolean pinned() {
            return inherited.with(node.extendedAttributes()).pinned();
        }

        Placement placement() {
            return inherited.with(node.extendedAttributes()).placement();
        }
    }

    /** As {@link #require}. */
    Found find(TarnPath path) throws TarnException {
        Node node = root();
        Inherited inherited = Inherited.NONE;
        List<String> names = path.names();
        for (int i = 0; i < names.size(); i++) {
            requireEnterable(node, path, i);
            inherited = inherited.below(node);
            if (names.size() - i > 1 && node.directoryKey() instanceof DirectoryKey.Mirrored directory) {
                MountEntry mount = mount(directory.mountId());
                MountFigures figures = view.figures(directory.mountId());
                if (figures.edges() == 0 && mayPassBelow(mount, figures)) {
                    String place = directory.childPath(String.join("/", names.subList(i, names.size())));
                    Node found = isHidden(figures, mount, place) ? null : mirrored(mount, figures, place, false);
                    if (found == null) {
                        throw new TarnException(ErrorCode.NOT_FOUND, path + " does not exist");
                    }
                    return new Found(found, figures.overlays() == 0 ? inherited : below(inherited, directory, place));
                }
            }
            Node child = child(node, names.get(i), false);
            if (child == null) {
                throw new Walk(path, i, node, null, Inherited.NONE).notFound();
            }
            node = child;
        }
        return new Found(node, inherited);
    }

    /** What the directories say that stand between one, exclusive, and a place somewhere below it. */
    private Inherited below(Inherited inherited, DirectoryKey.Mirrored above, String place) {
        Inherited below = inherited;
        int from = above.path().isEmpty() ? 0 : above.path().length() + 1;
        for (int end = place.indexOf('/', from); end >= 0; end = place.indexOf('/', end + 1)) {
            below = below.with(
                    view.overlay(above.mountId(), place.substring(0, end)).extendedAttributes());
        }
        return below;
    }

    /** The child of a directory, or null. */
    private @Nullable Node child(Node directory, String name, boolean changing) throws MirrorMiss {
        DirectoryKey key = directory.directoryKey();
        MountPlace store = directory.storePlace();
        MountFigures figures =
                store == null ? MountFigures.NONE : view.figures(store.mount().id());
        boolean noneOwned = key instanceof DirectoryKey.Mirrored && figures.edges() == 0;
        Inode owned = noneOwned ? null : view.child(key, name);
        if (owned != null) {
            return ofInode(owned, directory.place(), name);
        }
        if (store == null) {
            return null;
        }
        MountPlace place = store.child(name);
        if (figures.tombstones() != 0 && view.tombstone(place.mount().id(), place.path()) != null) {
            return null;
        }
        return mirrored(place.mount(), figures, place.path(), changing);
    }

    /** A node of an owned child of a directory that stands at {@code parent}. */
    Node.OwnedNode ofInode(Inode inode, @Nullable MountPlace parent, String name) {
        if (inode.isMountPoint()) {
            return new Node.OwnedNode(inode, new MountPlace(mount(inode.mountId()), ""));
        }
        return new Node.OwnedNode(inode, parent == null ? null : parent.child(name));
    }

    /** Where the children of a directory are now that was found in an earlier state: it may have become the store's alone since. */
    Directory refreshed(Node directory) {
        if (!(directory instanceof Node.OwnedNode owned) || owned.inode().isMountPoint()) {
            return directory.asDirectory();
        }
        MountPlace place = owned.place();
        Inode now = view.inode(owned.inode().id());
        if (now != null) {
            return new Node.OwnedNode(now, place).asDirectory();
        }
        return place == null ? directory.asDirectory() : new Directory(place.key(), place, place);
    }

    /** A node of a row that a listing has given. */
    Node.MirroredNode ofRow(MountEntry mount, MountFigures figures, String place, MirrorRow row) {
        Overlay overlay = figures.overlays() == 0 ? Overlay.NONE : view.overlay(mount.id(), place);
        return defaults.node(mount, place, row, overlay);
    }

    /** A directory in which something owned hangs, whether or not the store still has it; where a listing has looked. */
    Node.MirroredNode ofHanging(MountEntry mount, MountFigures figures, String place) {
        MirrorRow row = Mirror.known(view.state(), mount.id(), place);
        boolean inStore = row != null && row.present() && row.directory();
        return ofRow(mount, figures, place, row != null && inStore ? row : MirrorRow.lostDirectory());
    }

    long notBefore(MountEntry mount) {
        return Mirror.notBefore(mount, startMillis);
    }

    MountEntry mount(long mountId) {
        MountEntry mount = mounts.byId(mountId);
        if (mount == null) {
            throw new IllegalStateException("a mount point of mount " + mountId + ", which does not exist");
        }
        return mount;
    }

    private Node root() {
        Inode root = view.inode(Inode.ROOT_ID);
        if (root == null) {
            throw new IllegalStateException("the namespace has no root");
        }
        return ofInode(root, null, "");
    }

    private void requireEnterable(Node node, TarnPath path, int depth) throws TarnException {
        if (!node.isDirectory()) {
            throw new TarnException(
                    ErrorCode.NOT_A_DIRECTORY, textOf(path, depth) + " is a file; " + path + " cannot be below it");
        }
        if (!Permissions.allows(node, user, Permissions.EXECUTE)) {
            Permissions.require(node, user, Permissions.EXECUTE, textOf(path, depth));
        }
    }

    private static String textOf(TarnPath path, int depth) {
        return "/" + String.join("/", path.names().subList(0, depth));
    }

    /** Whether no directory of this mount could stop this user, so that none needs to be looked at. */
    private boolean mayPassBelow(MountEntry mount, MountFigures figures) {
        if (user.superuser()) {
            return true;
        }
        MirrorRow root = Mirror.known(view.state(), mount.id(), "");
        if (root == null || root.mode() >= 0 || figures.overlays() != 0) {
            return false;
        }
        return Permissions.allows(defaults.node(mount, "", root, Overlay.NONE), user, Permissions.EXECUTE);
    }

    private boolean isHidden(MountFigures figures, MountEntry mount, String place) {
        if (figures.tombstones() == 0) {
            return false;
        }
        for (String top = place; !top.isEmpty(); top = top.substring(0, Math.max(0, top.lastIndexOf('/')))) {
            if (view.tombstone(mount.id(), top) != null) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Node mirrored(MountEntry mount, MountFigures figures, String place, boolean changing)
            throws MirrorMiss {
        MirrorRow row = Mirror.fresh(view.state(), mount, place, notBefore(mount));
        if (row != null && row.directory()) {
            return ofRow(mount, figures, place, row);
        }
        boolean hanging = (figures.edges() != 0 && Hanging.isOwned(view, mount.id(), place))
                || (changing && Hanging.isWritten(view, mount.id(), place));
        if (hanging) {
            return ofRow(mount, figures, place, MirrorRow.lostDirectory());
        }
        return row == null ? null : ofRow(mount, figures, place, row);
    }
}
