package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Renames of what is being written, as HDFS and POSIX have it: the writer goes on, and its file is complete under the new name. Stateless. */
final class WriterMoves {
    private WriterMoves() {}

    /** A file that nobody sees yet is renamed by its own writer. */
    static void alone(PendingFile pending, Walk from, Walk to, NamespaceView view, Consumer<Record> records, User user)
            throws TarnException {
        Node directory = to.directory();
        Permissions.requireChange(from.directory(), user, from.path().toString());
        Permissions.requireChange(directory, user, to.path().toString());
        if (to.isComplete()) {
            throw new TarnException(
                    ErrorCode.ALREADY_EXISTS, to.path() + " exists; a file being written replaces nothing");
        }
        if (pending.through()) {
            throw Writability.beingWritten(pending, from.path().toString());
        }
        PendingFile other = Pendings.at(view, directory, to.path().name());
        if (other != null) {
            throw Writability.beingWritten(other, to.path().toString());
        }
        move(pending, directory.directoryKey(), to.path().name(), records);
    }

    /** The new version of a file that moves, where one is being written. */
    static void withFile(Inode source, DirectoryKey target, String name, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        PendingFile pending = source.directory() ? null : view.pending(source.parent(), source.name());
        PendingFile other = pending == null ? null : view.pending(target, name);
        if (other != null) {
            throw Writability.beingWritten(other, name);
        }
        move(pending, target, name, records);
    }

    /** The same for a file of a store, at the moment from which readers see it under its new name. */
    static void withFile(
            MountPlace source, DirectoryKey target, String name, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        DirectoryKey key = new DirectoryKey.Mirrored(source.mount().id(), "");
        MountPlace at = new MountPlace(source.mount(), "");
        String[] names = source.path().split("/");
        for (int i = 0; i < names.length - 1; i++) {
            at = at.child(names[i]);
            Inode directory = view.child(key, names[i]);
            key = directory == null ? at.key() : directory.directoryKey();
        }
        if (view.pending(target, name) == null) {
            move(view.pending(key, names[names.length - 1]), target, name, records);
        }
    }

    private static void move(
            @Nullable PendingFile pending, DirectoryKey target, String name, Consumer<Record> records) {
        if (pending != null && !pending.through()) {
            records.accept(new Record.PendingMoved(pending.inodeId(), target, name));
        }
    }
}
