package io.tarn.master.namespace;

import io.tarn.master.mirror.MirrorMiss;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.PinnedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Whether file versions that workers take to be pinned still are: a pin may have been lifted, the file deleted, replaced or moved while the worker did not hear
 * of it. Goes by what is known, however old, so it never waits for a store. Safe for many threads.
 */
final class PinReview {
    /** How old what is known of a store may be: of any age. */
    private static final long ANY_AGE = 0;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final User superuser;

    PinReview(NamespaceParts parts, Lookups lookups) {
        this.parts = parts;
        this.lookups = lookups;
        superuser = new User(parts.users().superuser(), parts.users().supergroup(), Set.of(), true);
    }

    List<FileVersionId> unpinned(List<PinnedFile> files) {
        List<FileVersionId> unpinned = new ArrayList<>();
        for (PinnedFile file : files) {
            if (!isPinned(file)) {
                unpinned.add(file.getVersion());
            }
        }
        return unpinned;
    }

    private boolean isPinned(PinnedFile file) {
        FileVersion version = FileVersion.of(file.getVersion());
        Lock lock = parts.store().readLock();
        lock.lock();
        try {
            NamespaceView view = new NamespaceView(parts.store());
            return version.isMirrored() ? isPinned(version, file.getBacking(), view) : isPinned(version, view);
        } catch (MirrorMiss miss) {
            return true;
        } catch (TarnException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isPinned(FileVersion version, Backing backing, NamespaceView view) throws TarnException {
        MountEntry mount = parts.mountTables().of(view).byId(backing.getMountId());
        return mount != null && isPinnedAt(mount.path() + "/" + backing.getPath(), version, view);
    }

    private boolean isPinned(FileVersion version, NamespaceView view) throws TarnException {
        Inode inode = view.inode(version.high());
        if (inode == null || !inode.version().equals(version)) {
            return false;
        }
        String path = inode.complete() ? Paths.of(inode, view) : "";
        return path != null && (path.isEmpty() || isPinnedAt(path, version, view));
    }

    private boolean isPinnedAt(String text, FileVersion version, NamespaceView view) throws TarnException {
        Resolver resolver = lookups.resolver(view, superuser, ANY_AGE);
        TarnPath path = TarnPath.parse(text);
        Resolver.Found found = findOrNull(resolver, path);
        if (found != null && versionOf(found.node()).equals(version)) {
            return found.pinned();
        }
        if (found != null && found.node() instanceof Node.OwnedNode) {
            return version.isMirrored() && found.pinned();
        }
        return version.isMirrored() && isBeingWritten(resolver, path);
    }

    private static Resolver.@Nullable Found findOrNull(Resolver resolver, TarnPath path) throws TarnException {
        try {
            return resolver.find(path);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static FileVersion versionOf(Node node) {
        return switch (node) {
            case Node.OwnedNode owned -> owned.inode().version();
            case Node.MirroredNode mirrored -> StatusMessages.versionOf(mirrored);
        };
    }

    /** The worker may know the store's new version before the namespace does. */
    private static boolean isBeingWritten(Resolver resolver, TarnPath path) throws TarnException {
        try {
            Node directory = resolver.find(path.parent()).node();
            return Pendings.at(resolver.view(), directory, path.name()) != null;
        } catch (MirrorMiss miss) {
            return false;
        }
    }
}
