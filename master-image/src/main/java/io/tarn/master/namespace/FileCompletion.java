package io.tarn.master.namespace;

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
import java.util.Optional;
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
        Inode inode = new NamespaceView(parts.store()).inode(message.getFileId());
        Receipt receipt = message.hasReceipt()
                ? parts.tickets().check(message.getReceipt())
                : nothingWritten(message.getFileId(), inode);
        if (receipt.getFileId() != message.getFileId()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a receipt for another file than the one to complete");
        }
        CompletableFuture<FileStatus> status;
        if (inode != null && inode.parent() instanceof DirectoryKey.Mirrored && !inode.complete()) {
            String path = Paths.of(inode, new NamespaceView(parts.store()));
            if (path == null) {
                throw gone(message.getFileId());
            }
            status = mutations.throughStore(
                    call,
                    CallAnswers.STATUS,
                    List.of(TarnPath.parse(path)),
                    FileStatus.class,
                    () -> completeMounted(call, receipt, path));
        } else {
            status = mutations.inMemory(
                    call, CallAnswers.STATUS, (view, records) -> validateOwned(call, receipt, view, records));
        }
        return status.thenApply(
                answer -> CompleteResponse.newBuilder().setStatus(answer).build());
    }

    /** What a worker would say of a file that it never heard of; that is enough where no store has to hold the file. */
    private Receipt nothingWritten(long fileId, @Nullable Inode inode) throws TarnException {
        Receipt.Builder receipt = Receipt.newBuilder().setFileId(fileId);
        if (inode == null) {
            return receipt.build();
        }
        NamespaceView committed = new NamespaceView(parts.store());
        String path = Paths.of(inode, committed);
        if (path != null && parts.mountTables().of(committed).covering(TarnPath.parse(path)) != null) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "a file below a mount is completed with its worker's receipt");
        }
        return receipt.setVersion(inode.version().toMessage()).build();
    }

    CompletableFuture<Boolean> abandon(AbandonRequest message) {
        CallKey call = new CallKey(
                message.getCaller().getClientId(), message.getCaller().getCallNumber());
        return mutations.inMemory(call, CallAnswers.DONE, (view, records) -> {
            Inode inode = view.inode(message.getFileId());
            if (inode != null && !inode.complete() && pendingOf(inode, view) != null) {
                requireWriter(inode, call.clientId(), view);
                parts.leases().release(inode.id());
                records.accept(new Record.FileAbandoned(inode.id()));
            }
            return true;
        });
    }

    /** The ids whose lease is gone. */
    List<Long> renew(RenewLeasesRequest message) {
        long clientId = message.getCaller().getClientId();
        return message.getFileIdsList().stream()
                .filter(id -> !parts.leases().renew(id, clientId))
                .toList();
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
        if (!(inode.parent() instanceof DirectoryKey.Owned)) {
            throw MissingDirectories.mountsChanged();
        }
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
        records.accept(new Record.FileSealed(
                inode.id(), receipt.getLengthBytes(), now, List.copyOf(receipt.getWorkerIdsList())));
        parts.leases().release(inode.id());
        return parts.statuses().of(inode.sealed(receipt.getLengthBytes(), now, receipt.getWorkerIdsList()), path);
    }

    private FileStatus completeMounted(CallKey call, Receipt receipt, String path) throws TarnException {
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
        Overlay overlay = MissingDirectories.keepCreator(store, place, inode.owner(), inode.group(), inode.mode());
        StoreStatus held =
                StoreStatus.file(place, receipt.getLengthBytes(), receipt.getModifiedMillis(), backing.getVersionTag());
        if (store.capabilities().keepsOwnerAndMode()) {
            Optional<StoreStatus> now = store.status(place);
            held = now.orElse(held);
        }
        StoreStatus shown = held;
        FileStatus answer =
                parts.statuses().of(parts.defaults().node(mount, place, MirrorRow.of(shown, 0), overlay), path);
        mutations.lastStep(call, CallAnswers.STATUS, (view, records) -> {
            Inode pending = view.inode(receipt.getFileId());
            if (pending == null) {
                throw gone(receipt.getFileId());
            }
            requireWriter(pending, call.clientId(), view);
            records.accept(new Record.FilePersisted(pending.id(), overlay));
            return answer;
        });
        parts.leases().release(receipt.getFileId());
        parts.mirror().put(mount.id(), shown);
        return answer;
    }

    private static void requireWriter(Inode inode, long clientId, NamespaceView view) throws TarnException {
        PendingFile pending = pendingOf(inode, view);
        if (pending == null) {
            throw gone(inode.id());
        }
        if (pending.clientId() != clientId) {
            throw Writability.beingWritten(pending, inode.name());
        }
    }

    private static @Nullable PendingFile pendingOf(Inode inode, NamespaceView view) {
        PendingFile pending = view.pending(inode.parent(), inode.name());
        return pending != null && pending.inodeId() == inode.id() ? pending : null;
    }

    private static TarnException gone(long fileId) {
        return new TarnException(
                ErrorCode.LEASE_EXPIRED,
                "file " + fileId + " is no longer being written: its lease has expired, or it or its directory was"
                        + " deleted; write it again");
    }
}
