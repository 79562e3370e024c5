package io.tarn.master.namespace;

import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.MakeDirectoryRequest;
import io.tarn.protocol.v1.WriteType;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes directories, with their parents where asked. Safe for many threads. */
final class DirectoryCreation {
    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final MissingDirectories directories;

    DirectoryCreation(NamespaceParts parts, Lookups lookups, Mutations mutations, MissingDirectories directories) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.directories = directories;
    }

    CompletableFuture<FileStatus> make(MakeDirectoryRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getPath());
        Permissions.checkMode(message.getMode());
        MountEntry mount =
                parts.mountTables().of(new NamespaceView(parts.store())).covering(request.path());
        if (mount != null) {
            return mutations.throughStore(
                    request.call(),
                    CallAnswers.STATUS,
                    List.of(request.path()),
                    FileStatus.class,
                    () -> makeMounted(request, message, mount));
        }
        return mutations.inMemory(request.call(), CallAnswers.STATUS, (view, records) -> {
            Walk walk = lookups.resolver(view, request.user(), request.startMillis())
                    .walk(request.path());
            check(walk, message);
            int end = request.path().names().size();
            Node made = directories.makeOwned(request, walk, end, message.getMode(), 0, view, records);
            return parts.statuses().of(made, request.path().toString());
        });
    }

    private FileStatus makeMounted(Request request, MakeDirectoryRequest message, MountEntry mount)
            throws TarnException {
        Walk walk = lookups.blocking(request.user(), request.startMillis(), resolver -> resolver.walk(request.path()));
        check(walk, message);
        String path = request.path().toString();
        if (walk.isComplete()) {
            return parts.statuses().of(walk.deepest(), path);
        }
        Writability.requireWritable(mount);
        int end = request.path().names().size();
        WriteChoice choice = WriteChoice.of(WriteType.WRITE_TYPE_DEFAULT, walk.inherited(), mount, parts.config());
        if (!choice.isThrough()) {
            return mutations.lastStep(request.call(), CallAnswers.STATUS, (view, records) -> {
                long due = choice.dueMillis(request.startMillis());
                Node made = directories.makeOwned(request, walk, end, message.getMode(), due, view, records);
                return parts.statuses().of(made, path);
            });
        }
        directories.makeInStore(request, walk, end, walk.deepest(), message.getMode());
        FileStatus status = lookups.blocking(
                request.user(), resolver -> parts.statuses().of(resolver.require(request.path()), path));
        return mutations.lastStep(request.call(), CallAnswers.STATUS, (view, records) -> status);
    }

    private static void check(Walk walk, MakeDirectoryRequest message) throws TarnException {
        if (!walk.deepest().isDirectory()) {
            throw new TarnException(
                    walk.isComplete() ? ErrorCode.ALREADY_EXISTS : ErrorCode.NOT_A_DIRECTORY,
                    walk.path() + (walk.isComplete() ? " exists and is a file" : " would be below a file"));
        }
        if (walk.isComplete() && !message.getAllowExisting()) {
            throw new TarnException(ErrorCode.ALREADY_EXISTS, walk.path() + " exists");
        }
        if (walk.missing() > 1 && !message.getCreateParents()) {
            throw walk.notFound();
        }
    }
}
