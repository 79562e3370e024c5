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
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.WriteType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of files whose writers are silent: the workers that may have their pages are asked for what was flushed, and they are completed at that length. What
 * was never flushed, and what was on its way to a store, is dropped. What was flushed is on as many workers as the file has copies, so it is found when fewer than that
 * have not answered. Safe for many threads.
 */
final class Sealing {
    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final FileCompletion completion;
    private final Healing healing;
    private final Map<Long, Map<Long, Receipt>> answers = new ConcurrentHashMap<>();

    Sealing(NamespaceParts parts, Mutations mutations, FileCompletion completion, Healing healing) {
        this.parts = parts;
        this.mutations = mutations;
        this.completion = completion;
        this.healing = healing;
    }

    /** Looks for leases that are over, and asks workers, again where they have not answered. */
    void round() throws TarnException {
        parts.leases().forgetReleased(this::isPending);
        for (long inodeId : parts.leases().expired()) {
            parts.leases().seal(inodeId);
        }
        for (long inodeId : parts.leases().sealing()) {
            NamespaceView view = new NamespaceView(parts.store());
            Inode inode = view.inode(inodeId);
            PendingFile pending = inode == null || inode.complete() ? null : Pendings.of(inode, view);
            if (inode == null || pending == null) {
                forget(inodeId);
            } else if (pending.through()) {
                drop(inodeId);
                Pendings.lookAgain(inode, parts.mirror());
            } else {
                Map<Long, Receipt> known = answers.getOrDefault(inodeId, Map.of());
                inode.holders().stream()
                        .filter(holder -> !known.containsKey(holder))
                        .forEach(holder -> parts.workers().seal(holder, inodeId, order(inode)));
                decideWhereKnown(inode, pending);
            }
        }
    }

    private boolean isPending(long inodeId) {
        NamespaceView view = new NamespaceView(parts.store());
        Inode inode = view.inode(inodeId);
        return inode != null && !inode.complete() && Pendings.of(inode, view) != null;
    }

    private SignedTicket order(Inode inode) {
        return parts.tickets().toWrite(inode, WriteType.MUST_CACHE, false, null, inode.name(), false, 1);
    }

    private void forget(long inodeId) {
        parts.leases().sealed(inodeId);
        answers.remove(inodeId);
    }

    void sealed(SignedReceipt signed) {
        try {
            Receipt receipt = parts.tickets().check(signed);
            long inodeId = receipt.getFileId();
            NamespaceView view = new NamespaceView(parts.store());
            Inode inode = view.inode(inodeId);
            PendingFile pending = inode == null || inode.complete() ? null : Pendings.of(inode, view);
            if (!parts.leases().isSealing(inodeId) || inode == null || pending == null) {
                return;
            }
            answers.computeIfAbsent(inodeId, id -> new ConcurrentHashMap<>()).put(receipt.getWorkerIds(0), receipt);
            decideWhereKnown(inode, pending);
        } catch (TarnException e) {
            LOG.warn("A worker's word on a sealed file is not taken: {}", e.getMessage());
        }
    }

    /** Waits for all that are up, and for so many of the others that one of those which have what was acknowledged has answered. */
    private void decideWhereKnown(Inode inode, PendingFile pending) throws TarnException {
        Map<Long, Receipt> known = answers.getOrDefault(inode.id(), Map.of());
        List<Long> silent = inode.holders().stream()
                .filter(holder -> !known.containsKey(holder))
                .toList();
        if (silent.size() < pending.copies() && silent.stream().noneMatch(parts.workers()::isAlive)) {
            decide(inode.id(), List.copyOf(known.values()));
        }
    }

    /** The longest counts: what was acknowledged is on all of a file's copies, more may be on some. */
    private void decide(long inodeId, List<Receipt> receipts) throws TarnException {
        long lengthBytes =
                receipts.stream().mapToLong(Receipt::getLengthBytes).max().orElse(0);
        if (lengthBytes == 0) {
            dropLater(inodeId);
            return;
        }
        List<Receipt> whole = receipts.stream()
                .filter(receipt -> receipt.getLengthBytes() == lengthBytes)
                .toList();
        complete(whole.getFirst().toBuilder()
                .clearWorkerIds()
                .addAllWorkerIds(whole.stream()
                        .flatMap(receipt -> receipt.getWorkerIdsList().stream())
                        .toList())
                .build());
    }

    private void complete(Receipt receipt) throws TarnException {
        NamespaceView view = new NamespaceView(parts.store());
        Inode inode = view.inode(receipt.getFileId());
        String path = inode == null || inode.complete() ? null : Paths.of(inode, view);
        if (inode == null || path == null) {
            forget(receipt.getFileId());
            return;
        }
        List<Long> others = inode.holders().stream()
                .filter(holder -> !receipt.getWorkerIdsList().contains(holder))
                .toList();
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
                        forget(receipt.getFileId());
                        parts.workers().delete(inode.version(), others);
                        healing.sealed(receipt.getFileId());
                        LOG.info(
                                "The writer of {} is silent; the file ends at {} bytes",
                                path,
                                receipt.getLengthBytes());
                    }
                });
    }

    private void drop(long inodeId) throws TarnException {
        mutations.step((view, records) -> abandon(view, records, inodeId));
        forget(inodeId);
    }

    private void dropLater(long inodeId) {
        CompletableFuture<Boolean> dropped =
                mutations.inMemory(CallKey.NONE, CallAnswers.DONE, (view, records) -> abandon(view, records, inodeId));
        dropped.whenComplete((done, failure) -> {
            if (failure == null) {
                forget(inodeId);
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
