package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;

/** Which changes a place takes: read-only mounts, files being written, mount points. Stateless. */
final class Writability {
    private Writability() {}

    static void requireWritable(MountEntry mount) throws TarnException {
        if (mount.options().getReadOnly()) {
            throw new TarnException(
                    ErrorCode.READ_ONLY,
                    mount.path() + " is mounted read-only; unmount it and mount it without that option to write");
        }
    }

    /** @throws TarnException LEASE_CONFLICT where a file at or below a place of a store is being written */
    static void requireNoWriterBelow(NamespaceView view, MountEntry mount, String place) throws TarnException {
        byte[] prefix = Keys.hanging(mount.id(), place);
        try (StateReader.Cursor cursor = view.state().scan(Table.PENDING, prefix, null)) {
            while (cursor.next()) {
                if (Keys.hangsAtOrBelow(cursor.key(), prefix)) {
                    throw beingWritten(NamespaceView.pendingOf(cursor.value()), mount.path() + "/" + place);
                }
            }
        }
        int slash = place.lastIndexOf('/');
        DirectoryKey parent = new DirectoryKey.Mirrored(mount.id(), place.substring(0, Math.max(0, slash)));
        PendingFile pending = view.pending(parent, place.substring(slash + 1));
        if (pending != null) {
            throw beingWritten(pending, mount.path() + "/" + place);
        }
    }

    static TarnException beingWritten(PendingFile pending, String path) {
        return new TarnException(
                ErrorCode.LEASE_CONFLICT,
                "a file at or below " + path + " is being written by client "
                        + Long.toUnsignedString(pending.clientId(), 16) + " of user " + pending.user()
                        + "; wait until it is complete, or until the lease of a dead writer expires");
    }

    /** @throws TarnException INVALID_ARGUMENT where a mount stands at or below a path */
    static void requireNoMountBelow(MountTable mounts, TarnPath path, String doing) throws TarnException {
        MountEntry mount = mounts.atOrBelow(path);
        if (mount != null) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    mount.path() + " is a mount point; unmount it before you " + doing + " " + path);
        }
    }
}
