package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.mirror.Mirror;
import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows symbolic links, so that all else works on the paths to which they lead. Links are owned wherever they stand, so no store has to be asked; where
 * there are none, a path costs one look into memory. For one thread and one path.
 */
final class Links {
    static final int MOST_FOLLOWED = 40;

    private final NamespaceParts parts;
    private final NamespaceView view;
    private final User user;
    private final List<Step> steps = new ArrayList<>();

    /**
     * A name that was passed.
     *
     * @param inode what it is, where it is owned
     * @param key where its entries hang; null: it is no directory, or nothing
     * @param place where it stands in a mount; null: in none
     */
    private record Step(
            String name, @Nullable Inode inode, @Nullable DirectoryKey key, DirectoryKey.@Nullable Mirrored place) {}

    private Links(NamespaceParts parts, NamespaceView view, User user) {
        this.parts = parts;
        this.view = view;
        this.user = user;
    }

    /**
     * Where a path leads; that may not exist.
     *
     * @param last also where the last name is a link
     * @throws TarnException LINK_LOOP; PERMISSION_DENIED where the user may not enter a directory on the way to a link
     */
    static TarnPath follow(NamespaceParts parts, User user, TarnPath path, boolean last) throws TarnException {
        NamespaceView view = new NamespaceView(parts.store());
        return view.linkCount() == 0 ? path : new Links(parts, view, user).follow(path, last);
    }

    private TarnPath follow(TarnPath path, boolean last) throws TarnException {
        Deque<String> ahead = new ArrayDeque<>(path.names());
        int followed = 0;
        while (!ahead.isEmpty()) {
            String name = ahead.remove();
            if (name.equals("..")) {
                if (!steps.isEmpty()) {
                    steps.removeLast();
                }
                continue;
            }
            Step next = next(name);
            Inode inode = next.inode;
            if (inode == null || !inode.isLink() || (ahead.isEmpty() && !last)) {
                steps.add(next);
                continue;
            }
            if (++followed > MOST_FOLLOWED) {
                throw new TarnException(
                        ErrorCode.LINK_LOOP,
                        path + " leads through more than " + MOST_FOLLOWED
                                + " symbolic links; do they lead in a circle?");
            }
            requireEnterable();
            String target = targetOf(inode);
            if (target.startsWith("/")) {
                steps.clear();
            }
            namesOf(target).reversed().forEach(ahead::addFirst);
        }
        return TarnPath.parse(
                "/" + String.join("/", steps.stream().map(Step::name).toList()));
    }

    static String targetOf(Inode link) {
        return link.extendedAttributes()
                .getOrDefault(Inode.LINK, ByteString.EMPTY)
                .toStringUtf8();
    }

    /** Checks what a link is to lead to; whether something is there does not matter. */
    static void checkTarget(String target) throws TarnException {
        if (target.isEmpty()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a symbolic link leads somewhere; give a target");
        }
        List<String> names = namesOf(target);
        names.removeIf(".."::equals);
        TarnPath unused = TarnPath.parse("/" + String.join("/", names));
        if (target.length() > TarnPath.MAX_PATH_BYTES) {
            throw new TarnException(
                    ErrorCode.NAME_TOO_LONG, "a path has at most " + TarnPath.MAX_PATH_BYTES + " bytes of UTF-8");
        }
    }

    private static List<String> namesOf(String target) {
        List<String> names = new ArrayList<>(List.of(target.split("/")));
        names.removeIf(name -> name.isEmpty() || name.equals("."));
        return names;
    }

    private Step next(String name) {
        Step directory = steps.isEmpty() ? root() : steps.getLast();
        DirectoryKey key = directory.key;
        if (key == null) {
            return new Step(name, null, null, null);
        }
        DirectoryKey.Mirrored above = directory.place;
        DirectoryKey.Mirrored place =
                above == null ? null : new DirectoryKey.Mirrored(above.mountId(), above.childPath(name));
        Inode inode = view.child(key, name);
        return inode == null ? new Step(name, null, place, place) : of(name, inode, place);
    }

    private Step root() {
        Inode root = view.inode(Inode.ROOT_ID);
        return root == null ? new Step("", null, null, null) : of("", root, null);
    }

    private static Step of(String name, Inode inode, DirectoryKey.@Nullable Mirrored place) {
        DirectoryKey.Mirrored here = inode.isMountPoint() ? new DirectoryKey.Mirrored(inode.mountId(), "") : place;
        return new Step(name, inode, inode.directory() ? inode.directoryKey() : null, here);
    }

    /** Of a store's directory by what is known of it. */
    private void requireEnterable() throws TarnException {
        String path = "";
        List<Step> passed = new ArrayList<>(steps);
        passed.addFirst(root());
        for (Step step : passed) {
            path = step.name.isEmpty() ? "/" : (path.equals("/") ? "" : path) + "/" + step.name;
            Node node = node(step);
            if (node != null) {
                Permissions.require(node, user, Permissions.EXECUTE, path);
            }
        }
    }

    private @Nullable Node node(Step step) {
        if (step.inode != null) {
            return new Node.OwnedNode(step.inode, null);
        }
        DirectoryKey.Mirrored place = step.place;
        MountEntry mount = place == null ? null : view.mount(place.mountId());
        if (place == null || mount == null) {
            return null;
        }
        MirrorRow known = Mirror.known(view.state(), mount.id(), place.path());
        MirrorRow row = known == null || !known.directory() ? MirrorRow.lostDirectory() : known;
        return parts.defaults().node(mount, place.path(), row, view.overlay(mount.id(), place.path()));
    }
}
