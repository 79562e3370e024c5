package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.master.record.Usage;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.CreateLinkRequest;
import io.tarn.protocol.v1.FileStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes symbolic links. They are the namespace's own for ever: stores cannot hold them. Safe for many threads. */
final class LinkCreation {
    /** A link has no permissions of its own. */
    private static final int MODE = 0777;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final MissingDirectories directories;

    LinkCreation(NamespaceParts parts, Lookups lookups, Mutations mutations, MissingDirectories directories) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.directories = directories;
    }

    CompletableFuture<FileStatus> create(CreateLinkRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getPath());
        Links.checkTarget(message.getTarget());
        MountEntry mount =
                parts.mountTables().of(new NamespaceView(parts.store())).covering(request.path());
        if (mount == null) {
            return mutations.inMemory(request.call(), CallAnswers.STATUS, (view, records) -> {
                Walk walk = lookups.resolver(view, request.user(), request.startMillis())
                        .walk(request.path());
                return create(request, message, walk, view, records);
            });
        }
        Writability.requireWritable(mount);
        return mutations.throughStore(
                request.call(), CallAnswers.STATUS, List.of(request.path()), FileStatus.class, () -> {
                    Walk walk = lookups.blocking(
                            request.user(), request.startMillis(), resolver -> resolver.walk(request.path()));
                    return mutations.lastStep(
                            request.call(),
                            CallAnswers.STATUS,
                            (view, records) -> create(request, message, walk, view, records));
                });
    }

    private FileStatus create(
            Request request, CreateLinkRequest message, Walk walk, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        String path = request.path().toString();
        if (walk.isComplete()) {
            throw new TarnException(ErrorCode.ALREADY_EXISTS, path + " exists");
        }
        if (!walk.deepest().isDirectory()) {
            throw new TarnException(ErrorCode.NOT_A_DIRECTORY, path + " would be below a file");
        }
        if (walk.missing() > 1 && !message.getCreateParents()) {
            throw walk.notFound();
        }
        Permissions.requireChange(walk.deepest(), request.user(), path);
        int end = request.path().names().size() - 1;
        Node directory = directories.makeOwned(request, walk, end, MissingDirectories.PARENT_MODE, 0, view, records);
        if (directory.directoryKey() instanceof DirectoryKey.Owned owned && view.inode(owned.inodeId()) == null) {
            throw MissingDirectories.mountsChanged();
        }
        String name = request.path().name();
        PendingFile pending = Pendings.at(view, directory, name);
        if (pending != null) {
            throw Writability.beingWritten(pending, path);
        }
        if (view.child(directory.directoryKey(), name) != null) {
            throw new TarnException(ErrorCode.ALREADY_EXISTS, path + " exists");
        }
        Quotas.requireRoom(view, directory.directoryKey(), new Usage(1, 0));
        Inode link = Inode.newFile(
                        parts.ids().next(view, records),
                        directory.directoryKey(),
                        name,
                        request.user().name(),
                        MissingDirectories.groupFor(directory, request.user()),
                        MODE,
                        request.startMillis(),
                        0,
                        List.of())
                .withExtendedAttributes(Map.of(Inode.LINK, ByteString.copyFromUtf8(message.getTarget())))
                .sealed(0, request.startMillis(), List.of(), "");
        records.accept(new Record.LinkCreated(link));
        return parts.statuses().of(link, path);
    }
}
