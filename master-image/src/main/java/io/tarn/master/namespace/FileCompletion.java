package io.tarn.master.namespace;

import io.tarn.master.mirror.Mirror;
import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.CallKey;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.AbandonRequest;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.CompleteRequest;
import io.tarn.protocol.v1.CompleteResponse;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.RenewLeasesRequest;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends the writing of a file: it joins its directory, or is given up. Safe for many threads. */
final class FileCompletion {
    private final NamespaceParts parts;
    private final Mutations mutations;

    FileCompletion(NamespaceParts parts, Mutations mutations) {
        this.parts = parts;
        this.mutations = mutations;
    }

    CompletableFuture<CompleteResponse> complete(CompleteRequest message) throws TarnException {
        CallKey call = new CallKey(
                message.getCaller().getClientId(), message.getCaller().getCallNumber());
        parts.users().of(message.getCaller());
        NamespaceView committed = new NamespaceView(parts.store());
        Inode inode = committed.inode(message.getFileId());
        Receipt receipt = message.hasReceipt()
                ? parts.tickets().check(message.getReceipt())
                : nothingWritten(message.getFileId(), inode, committed);
        if (receipt.getFileId() != message.getFileId()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a receipt for another file than the one to complete");
        }
        TarnPath mounted = inode == null ? null : mountedPath(inode, committed);
        CompletableFuture<FileStatus> status;
        if (inode == null || mounted == null || inode.complete()) {
            status = mutations.inMemory(
                    call, CallAnswers.STATUS, (view, records) -> validateOwned(call, receipt, view, records));
        } else {
            PendingFile pending = Pendings.of(inode, committed);
            boolean through = pending != null && pending.through();
            status = mutations.throughStore(
                    call,
                    CallAnswers.STATUS,
                    List.of(mounted),
                    FileStatus.class,
                    () -> through ? completeThrough(call, receipt) : completeOwned(call, receipt, mounted));
        }
        return status.thenApply(answer -> {
            if (receipt.getGivenUpWorkerIdsCount() > 0) {
                parts.workers().delete(FileVersion.of(receipt.getVersion()), receipt.getGivenUpWorkerIdsList());
            }
            return CompleteResponse.newBuilder().setStatus(answer).build();
        });
    }

    /** What a worker would say of a file that it never heard of; that is enough where no store has to hold the file yet. */
    private static Receipt nothingWritten(long fileId, @Nullable Inode inode, NamespaceView view) throws TarnException {
        Receipt.Builder receipt = Receipt.newBuilder().setFileId(fileId);
        PendingFile pending = inode == null ? null : Pendings.of(inode, view);
        if (inode == null || pending == null) {
            return receipt.build();
        }
        if (pending.through()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a file that is written through to its store is completed with its worker's receipt");
        }
        return receipt.setVersion(inode.version().toMessage()).build();
    }

    CompletableFuture<Boolean> abandon(AbandonRequest message) {
        CallKey call = new CallKey(
                message.getCaller().getClientId(), message.getCaller().getCallNumber());
        Inode begun = new NamespaceView(parts.store()).inode(message.getFileId());
        CompletableFuture<Boolean> abandoned = mutations.inMemory(call, CallAnswers.DONE, (view, records) -> {
            Inode inode = view.inode(message.getFileId());
            if (inode != null && !inode.complete() && Pendings.of(inode, view) != null) {
                requireWriter(inode, call.clientId(), view);
                if (message.getKeepFlushed()) {
                    parts.leases().seal(inode.id());
                } else {
                    parts.leases().release(inode.id());
                    records.accept(new Record.FileAbandoned(inode.id()));
                }
            }
            return true;
        });
        return abandoned.thenApply(done -> {
            if (begun != null && !begun.complete()) {
                Pendings.lookAgain(begun, parts.mirror());
            }
            return done;
        });
    }

    /** The ids whose lease is gone. */
    List<Long> renew(RenewLeasesRequest message) {
        long clientId = message.getCaller().getClientId();
        return message.getFileIdsList().stream()
                .filter(id -> !parts.leases().renew(id, clientId))
                .toList();
    }

    /** The path of a file in a mount; null where it is in none. */
    private @Nullable TarnPath mountedPath(Inode inode, NamespaceView view) throws TarnException {
        MountTable mounts = parts.mountTables().of(view);
        if (mounts.all().isEmpty()) {
            return null;
        }
        String path = Paths.of(inode, view);
        if (path == null) {
            throw gone(inode.id());
        }
        TarnPath parsed = TarnPath.parse(path);
        return mounts.covering(parsed) == null ? null : parsed;
    }

    /** Holding the path, where the file was found: its directory may have been renamed since. */
    private FileStatus completeOwned(CallKey call, Receipt receipt, TarnPath held) throws TarnException {
        return mutations.lastStep(call, CallAnswers.STATUS, (view, records) -> {
            Inode inode = view.inode(receipt.getFileId());
            String path = inode == null ? null : Paths.of(inode, view);
            if (path != null && !path.equals(held.toString())) {
                throw new TarnException(
                        ErrorCode.BUSY, held + " has just been renamed to " + path + "; try again", null, 10);
            }
            return validateOwned(call, receipt, view, records);
        });
    }

    private FileStatus validateOwned(CallKey call, Receipt receipt, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        Inode inode = view.inode(receipt.getFileId());
        if (inode == null) {
            throw gone(receipt.getFileId());
        }
        String path = Paths.of(inode, view);
        if (path == null) {
            throw gone(receipt.getFileId());
        }
        if (inode.complete()) {
            return parts.statuses().of(inode, path);
        }
        requireWriter(inode, call.clientId(), view);
        Quotas.requireRoomFor(view, inode, receipt.getLengthBytes(), view.child(inode.parent(), inode.name()));
        return seal(inode, receipt, path, view, records);
    }

    /** The file joins its directory with the length of a receipt. */
    FileStatus seal(Inode inode, Receipt receipt, String path, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        Inode there = view.child(inode.parent(), inode.name());
        if (there != null && there.directory()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, path + " has become a directory meanwhile");
        }
        boolean rightVersion = receipt.getVersion().equals(inode.version().toMessage());
        if (!rightVersion || (receipt.getWorkerIdsCount() == 0 && receipt.getLengthBytes() > 0)) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "the receipt does not say which workers hold this version of the file");
        }
        long now = parts.clock().millis();
        List<Long> holders = List.copyOf(receipt.getWorkerIdsList());
        String storeTag = there != null ? there.storeTag() : storeTag(inode, path, view);
        PendingFile pending = Pendings.of(inode, view);
        long after = pending == null ? PendingFile.NEVER : pending.persistAfterMillis();
        long due = after == PendingFile.NEVER ? 0 : Math.max(1, now + after);
        records.accept(new Record.FileSealed(inode.id(), receipt.getLengthBytes(), now, holders, storeTag, due));
        parts.leases().release(inode.id());
        return parts.statuses().of(inode.sealed(receipt.getLengthBytes(), now, holders, storeTag), path);
    }

    /**
     * What the store holds where an owned file comes to stand, as far as is known: no look is worth its time here. What was known when the file was begun counts
     * where nothing is known any more: a restart forgets the mirror.
     */
    private String storeTag(Inode inode, String path, NamespaceView view) throws TarnException {
        MountPlace place = MountPlace.of(parts.mountTables().of(view), TarnPath.parse(path));
        if (place == null) {
            return "";
        }
        Inode directory = inode.parent() instanceof DirectoryKey.Owned owned ? view.inode(owned.inodeId()) : null;
        if (directory != null && !directory.inStore()) {
            return "";
        }
        MirrorRow row = Mirror.known(view.state(), place.mount().id(), place.path());
        if (Hanging.isOwned(view, place.mount().id(), place.path())
                || Hanging.isWritten(view, place.mount().id(), place.path())) {
            throw becameDirectory(path);
        }
        if (row == null || inode.storeTag().equals(Inode.UNKNOWN_TAG)) {
            return inode.storeTag();
        }
        if (row.present() && row.directory()) {
            throw becameDirectory(path);
        }
        return row.present() ? row.versionTag() : "";
    }

    private static TarnException becameDirectory(String path) {
        return new TarnException(ErrorCode.IS_A_DIRECTORY, path + " has become a directory meanwhile");
    }

    private FileStatus completeThrough(CallKey call, Receipt receipt) throws TarnException {
        NamespaceView committed = new NamespaceView(parts.store());
        Inode inode = committed.inode(receipt.getFileId());
        if (inode == null || !(inode.parent() instanceof DirectoryKey.Mirrored parent)) {
            throw gone(receipt.getFileId());
        }
        MountEntry mount = committed.mount(parent.mountId());
        String place = parent.childPath(inode.name());
        Backing backing = receipt.getBacking();
        if (mount == null
                || backing.getMountId() != mount.id()
                || !backing.getPath().equals(place)) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "the receipt is not for " + place + " of mount " + parent.mountId());
        }
        requireWriter(inode, call.clientId(), committed);
        UnderStore store = parts.mirror().stores().of(mount);
        KeptCreator kept = KeptCreator.of(store, place, inode.owner(), inode.group(), inode.mode());
        Overlay overlay = kept.overlay().with(inode.extendedAttributes());
        StoreStatus now = kept.status();
        StoreStatus shown = now != null
                ? now
                : StoreStatus.file(
                        place, receipt.getLengthBytes(), receipt.getModifiedMillis(), backing.getVersionTag());
        MountPlace at = new MountPlace(mount, place);
        // Before the record, which may take an owned file away that is what readers see now.
        parts.mirror().put(mount.id(), shown);
        FileStatus answer = parts.statuses()
                .of(
                        parts.defaults().node(mount, place, MirrorRow.of(shown, 0), overlay),
                        at.inNamespace().toString());
        mutations.lastStep(call, CallAnswers.STATUS, (view, records) -> {
            Inode pending = view.inode(receipt.getFileId());
            if (pending == null) {
                throw gone(receipt.getFileId());
            }
            requireWriter(pending, call.clientId(), view);
            long replaced = markInStore(view, at, records);
            records.accept(new Record.FilePersisted(
                    pending.id(), overlay, replaced, parts.clock().millis()));
            return answer;
        });
        parts.leases().release(receipt.getFileId());
        return answer;
    }

    /**
     * Owned directories above a file that the store holds are in the store, too, even those that came into being while it was written.
     *
     * @return the owned file that has its name; 0 = none
     */
    private long markInStore(NamespaceView view, MountPlace place, Consumer<Record> records) throws TarnException {
        DirectoryKey key = new DirectoryKey.Mirrored(place.mount().id(), "");
        MountPlace at = new MountPlace(place.mount(), "");
        String[] names = place.path().split("/");
        for (int i = 0; i < names.length - 1; i++) {
            at = at.child(names[i]);
            Inode directory = view.child(key, names[i]);
            if (directory != null && !directory.inStore()) {
                records.accept(new Record.DirectoryPersisted(
                        directory.id(), Math.max(1, parts.clock().millis())));
            }
            key = directory == null ? at.key() : directory.directoryKey();
        }
        Inode replaced = view.child(key, names[names.length - 1]);
        if (replaced != null && replaced.directory()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, place + " has become a directory meanwhile");
        }
        return replaced == null ? 0 : replaced.id();
    }

    private static void requireWriter(Inode inode, long clientId, NamespaceView view) throws TarnException {
        PendingFile pending = Pendings.of(inode, view);
        if (pending == null) {
            throw gone(inode.id());
        }
        if (pending.clientId() != clientId) {
            throw Writability.beingWritten(pending, inode.name());
        }
    }

    private static TarnException gone(long fileId) {
        return new TarnException(
                ErrorCode.LEASE_EXPIRED,
                "file " + fileId + " is no longer being written: its lease has expired, or it or its directory was"
                        + " deleted; write it again");
    }
}
