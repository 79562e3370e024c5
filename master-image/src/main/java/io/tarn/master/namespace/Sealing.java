package io.tarn.master.namespace;

import io.tarn.master.record.CallKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.WriteType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of files whose writers are silent: the worker that has their pages is asked for what was flushed, and they are completed at that length. What
 * was never flushed, and what was on its way to a store, is dropped. Safe for many threads.
 */
final class Sealing {
    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final FileCompletion completion;

    Sealing(NamespaceParts parts, Mutations mutations, FileCompletion completion) {
        this.parts = parts;
        this.mutations = mutations;
        this.completion = completion;
    }

    /** Looks for leases that are over, and asks workers, again where they have not answered. */
    void round() throws TarnException {
        for (long inodeId : parts.leases().expired()) {
            parts.leases().seal(inodeId);
        }
        for (long inodeId : parts.leases().sealing()) {
            NamespaceView view = new NamespaceView(parts.store());
            Inode inode = view.inode(inodeId);
            PendingFile pending = inode == null || inode.complete() ? null : Pendings.of(inode, view);
            if (inode == null || pending == null) {
                parts.leases().sealed(inodeId);
            } else if (pending.through()) {
                drop(inodeId);
                Pendings.lookAgain(inode, parts.mirror());
            } else {
                for (long holder : inode.holders()) {
                    parts.workers()
                            .seal(
                                    holder,
                                    inodeId,
                                    parts.tickets()
                                            .toWrite(inode, WriteType.MUST_CACHE, false, null, inode.name(), false));
                }
            }
        }
    }

    void sealed(SignedReceipt signed) {
        try {
            Receipt receipt = parts.tickets().check(signed);
            long inodeId = receipt.getFileId();
            if (!parts.leases().isSealing(inodeId)) {
                return;
            }
            if (receipt.getLengthBytes() == 0) {
                dropLater(inodeId);
            } else {
                complete(receipt);
            }
        } catch (TarnException e) {
            LOG.warn("A worker's word on a sealed file is not taken: {}", e.getMessage());
        }
    }

    private void complete(Receipt receipt) throws TarnException {
        NamespaceView view = new NamespaceView(parts.store());
        Inode inode = view.inode(receipt.getFileId());
        String path = inode == null || inode.complete() ? null : Paths.of(inode, view);
        if (path == null) {
            parts.leases().sealed(receipt.getFileId());
            return;
        }
        Mutations.Body<Boolean> body = (state, records) -> {
            Inode pending = state.inode(receipt.getFileId());
            if (pending == null || pending.complete() || Pendings.of(pending, state) == null) {
                return true;
            }
            boolean there = path.equals(Paths.of(pending, state));
            if (there) {
                completion.seal(pending, receipt, path, state, records);
            }
            return there;
        };
        mutations
                .throughStore(
                        CallKey.NONE,
                        CallAnswers.DONE,
                        List.of(TarnPath.parse(path)),
                        Boolean.class,
                        () -> mutations.step(body))
                .whenComplete((done, failure) -> {
                    if (Boolean.TRUE.equals(done)) {
                        parts.leases().sealed(receipt.getFileId());
                        LOG.info(
                                "The writer of {} is silent; the file ends at {} bytes",
                                path,
                                receipt.getLengthBytes());
                    }
                });
    }

    private void drop(long inodeId) throws TarnException {
        mutations.step((view, records) -> abandon(view, records, inodeId));
        parts.leases().sealed(inodeId);
    }

    private void dropLater(long inodeId) {
        CompletableFuture<Boolean> dropped =
                mutations.inMemory(CallKey.NONE, CallAnswers.DONE, (view, records) -> abandon(view, records, inodeId));
        dropped.whenComplete((done, failure) -> {
            if (failure == null) {
                parts.leases().sealed(inodeId);
            }
        });
    }

    private static boolean abandon(NamespaceView view, Consumer<Record> records, long inodeId) {
        Inode inode = view.inode(inodeId);
        if (inode != null && !inode.complete() && Pendings.of(inode, view) != null) {
            LOG.info("The writer of {} (inode {}) is silent; the file is dropped", inode.name(), inodeId);
            records.accept(new Record.FileAbandoned(inodeId));
        }
        return true;
    }
}
