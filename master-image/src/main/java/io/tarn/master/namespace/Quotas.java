package io.tarn.master.namespace;

import io.tarn.master.record.Ancestors;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Quota;
import io.tarn.master.record.Usage;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what does not fit below a directory with a quota; each quota above counts. Costs one look into memory where no quota is set. Stateless; a check in
 * the leader's thread is exact.
 */
final class Quotas {
    private Quotas() {}

    /** A directory with a quota, and what counts below it. */
    record Limited(DirectoryKey directory, Quota quota, Usage usage) {
        /** Where it stands, for people. */
        String path(NamespaceView view) {
            String path = switch (directory) {
                case DirectoryKey.Owned owned -> {
                    Inode inode = view.inode(owned.inodeId());
                    yield inode == null ? null : Paths.of(inode, view);
                }
                case DirectoryKey.Mirrored mirrored -> {
                    MountEntry mount = view.mount(mirrored.mountId());
                    yield mount == null
                            ? null
                            : new MountPlace(mount, mirrored.path())
                                    .inNamespace()
                                    .toString();
                }
            };
            return path == null ? "a deleted directory" : path;
        }
    }

    /** @throws TarnException QUOTA_EXCEEDED where something new does not fit into a directory */
    static void requireRoom(NamespaceView view, DirectoryKey directory, Usage added) throws TarnException {
        if (isSet(view)) {
            requireRoom(view, atAndAbove(view, directory), added, Usage.NONE);
        }
    }

    /** The same for a file that is complete, in the place of what has its name. */
    static void requireRoomFor(NamespaceView view, Inode file, long lengthBytes, @Nullable Inode replaced)
            throws TarnException {
        Usage added = new Usage(1, lengthBytes);
        requireRoom(view, file.parent(), replaced == null ? added : added.minus(new Usage(1, replaced.lengthBytes())));
    }

    /**
     * The same for something that moves: what is above both ends does not change.
     *
     * @param source the directory where it is
     * @param replaced what makes room for it; null: nothing, or nothing that counts
     */
    static void requireRoomToMove(
            NamespaceView view, Node moved, DirectoryKey source, DirectoryKey target, @Nullable Node replaced)
            throws TarnException {
        if (!isSet(view)) {
            return;
        }
        Set<DirectoryKey> unchanged = new HashSet<>(atAndAbove(view, source));
        List<DirectoryKey> above = atAndAbove(view, target).stream()
                .filter(key -> !unchanged.contains(key))
                .toList();
        requireRoom(view, above, of(view, moved), replaced == null ? Usage.NONE : of(view, replaced));
    }

    /** How long a new file in a directory can be; -1: as long as its writer likes. */
    static long mostBytes(NamespaceView view, DirectoryKey directory, @Nullable Inode replaced) {
        long most = Quota.UNLIMITED;
        for (Limited limited : isSet(view) ? limited(view, atAndAbove(view, directory)) : List.<Limited>of()) {
            long maxBytes = limited.quota.maxBytes();
            if (maxBytes != Quota.UNLIMITED) {
                long freed = replaced == null ? 0 : replaced.lengthBytes();
                long left = Math.max(0, maxBytes - limited.usage.bytes() + freed);
                most = most == Quota.UNLIMITED ? left : Math.min(most, left);
            }
        }
        return most;
    }

    /** Those with a quota among a directory and those above it, nearest first. */
    static List<Limited> limiting(NamespaceView view, DirectoryKey directory) {
        return limited(view, atAndAbove(view, directory));
    }

    /** What counts below a directory, by whichever key its content hangs. */
    static Usage usage(NamespaceView view, DirectoryKey directory) {
        Usage usage = view.usage(directory);
        DirectoryKey place = directory instanceof DirectoryKey.Owned owned ? place(view, owned) : null;
        return place == null ? usage : usage.plus(view.usage(place));
    }

    static boolean isSet(NamespaceView view) {
        return view.countedThrough() == NamespaceView.ALL_COUNTED;
    }

    private static void requireRoom(NamespaceView view, List<DirectoryKey> above, Usage added, Usage freed)
            throws TarnException {
        Usage more = added.minus(freed);
        for (Limited limited : limited(view, above)) {
            Quota quota = limited.quota;
            Usage usage = limited.usage;
            if (more.inodes() > 0 && exceeds(quota.maxInodes(), usage.inodes(), more.inodes())) {
                throw exceeded(limited.path(view) + " has a quota of " + quota.maxInodes()
                        + " files and directories and holds " + usage.inodes() + ": " + more.inodes()
                        + " more do not fit");
            }
            if (more.bytes() > 0 && exceeds(quota.maxBytes(), usage.bytes(), more.bytes())) {
                throw exceeded(limited.path(view) + " has a quota of " + quota.maxBytes() + " bytes and holds "
                        + usage.bytes() + ": " + more.bytes() + " more do not fit");
            }
        }
    }

    private static boolean exceeds(long limit, long used, long more) {
        return limit != Quota.UNLIMITED && more > limit - used;
    }

    private static TarnException exceeded(String what) {
        return new TarnException(ErrorCode.QUOTA_EXCEEDED, what + "; delete some, or have the quota raised");
    }

    private static List<Limited> limited(NamespaceView view, List<DirectoryKey> directories) {
        List<Limited> limited = new ArrayList<>();
        for (DirectoryKey directory : directories) {
            Quota quota = view.quota(directory);
            if (quota != null) {
                limited.add(new Limited(directory, quota, usage(view, directory)));
            }
        }
        return limited;
    }

    /** What moves with a node: itself where it is owned, and what counts below. */
    private static Usage of(NamespaceView view, Node node) {
        Usage own = node instanceof Node.OwnedNode ? new Usage(1, node.lengthBytes()) : Usage.NONE;
        return node.isDirectory() ? own.plus(usage(view, keyOf(node))) : own;
    }

    /** By which a directory has its quota: of a mount point, its inode. */
    static DirectoryKey keyOf(Node directory) {
        return directory instanceof Node.OwnedNode owned
                ? new DirectoryKey.Owned(owned.inode().id())
                : directory.directoryKey();
    }

    /** Nearest first; a directory of a store that is owned now goes by its inode. */
    private static List<DirectoryKey> atAndAbove(NamespaceView view, DirectoryKey directory) {
        List<DirectoryKey> keys = new ArrayList<>(Ancestors.atAndAbove(view, directory));
        keys.replaceAll(key -> key instanceof DirectoryKey.Mirrored mirrored ? standingAt(view, mirrored) : key);
        return keys;
    }

    private static DirectoryKey standingAt(NamespaceView view, DirectoryKey.Mirrored place) {
        DirectoryKey.Mirrored at = new DirectoryKey.Mirrored(place.mountId(), "");
        DirectoryKey key = at;
        for (String name : place.path().split("/")) {
            long ownedId = view.childId(key, name);
            at = new DirectoryKey.Mirrored(place.mountId(), at.childPath(name));
            key = ownedId == 0 ? at : new DirectoryKey.Owned(ownedId);
        }
        return key;
    }

    /** Where an owned directory stands in a store; null: in none. */
    private static DirectoryKey.@Nullable Mirrored place(NamespaceView view, DirectoryKey.Owned directory) {
        String below = "";
        Inode inode = view.inode(directory.inodeId());
        while (inode != null && inode.id() != Inode.ROOT_ID) {
            below = below.isEmpty() ? inode.name() : inode.name() + "/" + below;
            switch (inode.parent()) {
                case DirectoryKey.Mirrored mirrored -> {
                    return new DirectoryKey.Mirrored(mirrored.mountId(), mirrored.childPath(below));
                }
                case DirectoryKey.Owned owned -> inode = view.inode(owned.inodeId());
            }
        }
        return null;
    }
}
