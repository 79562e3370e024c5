package io.tarn.master.namespace;

import io.tarn.master.persist.PersistExchange;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.PersistIntent;
import io.tarn.master.record.Record;
import io.tarn.master.work.PathLocks;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.PersistCondition;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one owned file to its store: a worker prepares, an intent is journaled, the worker commits, the store takes over. See docs/design/writes.md. An
 * attempt that ends between intent and outcome leaves the intent, and the next one does all of it again. Safe for many threads; waits for workers and stores.
 */
final class FilePersisting {
    private static final Logger LOG = LoggerFactory.getLogger(FilePersisting.class);

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final DirectoryPersisting directories;
    private final PersistExchange exchange;

    FilePersisting(
            NamespaceParts parts, Mutations mutations, DirectoryPersisting directories, PersistExchange exchange) {
        this.parts = parts;
        this.mutations = mutations;
        this.directories = directories;
        this.exchange = exchange;
    }

    /**
     * Tries once; nothing happens where the file has been changed meanwhile.
     *
     * @param overwrite whatever the store holds there
     * @param attempt counts tries, so that each goes to another holder
     * @throws TarnException ALREADY_EXISTS or STORE_CHANGED where the store holds what it was not known to hold; UNAVAILABLE
     */
    void persist(Located file, boolean overwrite, int attempt) throws TarnException {
        Inode inode = file.inode();
        makeAncestors(file, attempt);
        if (inode.lengthBytes() == 0) {
            persistEmpty(file, overwrite);
            return;
        }
        List<Long> holders =
                inode.holders().stream().filter(parts.workers()::isAlive).toList();
        if (holders.isEmpty()) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    file.place() + " is held only by "
                            + inode.holders().stream()
                                    .map(parts.workers()::describe)
                                    .toList()
                            + ", which is down; start it again");
        }
        long workerId = holders.get(attempt % holders.size());
        long persistId = mutations.step((view, records) -> parts.ids().next(view, records));
        boolean committed = false;
        try {
            prepare(workerId, persistId, file, condition(file, overwrite));
            committed = commit(workerId, persistId, file);
        } finally {
            exchange.end(workerId, persistId, committed);
        }
    }

    /** Who tries again makes sure that the directory is there: others may have removed it from the store. */
    private void makeAncestors(Located file, int attempt) throws TarnException {
        try (PathLocks.Held held = parts.locks().hold(List.of(file.place().inNamespace()))) {
            if (isUndisturbed(file)) {
                MountPlace directory = file.place().parent();
                directories.ensure(directory);
                UnderStore store = parts.mirror().stores().of(directory.mount());
                if (attempt > 0 && store.capabilities().realDirectories()) {
                    store.createDirectory(directory.path());
                }
            }
        }
    }

    private void prepare(long workerId, long persistId, Located file, PersistCondition condition) throws TarnException {
        PersistReport report = Mutations.await(exchange.order(
                workerId,
                PersistOrder.newBuilder()
                        .setPersistId(persistId)
                        .setStep(PersistOrder.Step.PREPARE)
                        .setTicket(parts.tickets().toPersist(file.inode(), file.place()))
                        .setCondition(condition)
                        .build()));
        if (report.getResult() == PersistReport.Result.FAILED) {
            TarnException failure = failureOf(report);
            if (failure.code() == ErrorCode.NOT_FOUND) {
                dropIntent(file);
            }
            throw failure;
        }
    }

    private boolean commit(long workerId, long persistId, Located file) throws TarnException {
        try (PathLocks.Held held = parts.locks().hold(List.of(file.place().inNamespace()))) {
            if (!isUndisturbed(file)) {
                return false;
            }
            boolean again = intend(file);
            PersistReport report = Mutations.await(exchange.order(
                    workerId,
                    PersistOrder.newBuilder()
                            .setPersistId(persistId)
                            .setStep(PersistOrder.Step.COMMIT)
                            .build()));
            if (report.getResult() == PersistReport.Result.FAILED) {
                throw afterFailure(file, failureOf(report), again);
            }
            StoreStatus status = StoreStatus.file(
                    file.place().path(),
                    report.getLengthBytes(),
                    report.getModifiedMillis(),
                    report.getBacking().getVersionTag());
            end(file, again ? latest(file, status) : status, workerId);
            return true;
        }
    }

    /** The master writes what has no bytes. */
    private void persistEmpty(Located file, boolean overwrite) throws TarnException {
        try (PathLocks.Held held = parts.locks().hold(List.of(file.place().inNamespace()))) {
            if (!isUndisturbed(file)) {
                return;
            }
            PersistCondition condition = condition(file, overwrite);
            boolean again = intend(file);
            UnderStore store = parts.mirror().stores().of(file.place().mount());
            String version = condition.getVersionTag().isEmpty() ? null : condition.getVersionTag();
            CreateOptions options = new CreateOptions(condition.getAbsent(), version, StoreAttributes.NONE);
            StoreStatus committed;
            try (StoreWriter writer = store.create(file.place().path(), options)) {
                committed = writer.commit();
            } catch (TarnException e) {
                throw afterFailure(file, e, again);
            }
            end(file, again ? latest(file, committed) : committed, 0);
        }
    }

    /**
     * With any failure but an unknown outcome the store has certainly taken nothing of this attempt: {@link StoreWriter#commit} promises so, and a worker says no
     * less. What it may have taken is not looked for, since an object of somebody else may be there by now: the intent stays, and all is done again.
     *
     * @return the failure
     */
    private TarnException afterFailure(Located file, TarnException failure, boolean again) throws TarnException {
        if (!again && failure.code() != ErrorCode.OUTCOME_UNKNOWN && failure.code() != ErrorCode.NOT_LEADER) {
            drop(file);
        }
        return failure;
    }

    /** Whether the file stands where it stood, and nothing else is going on there that could reach the store. */
    private boolean isUndisturbed(Located file) {
        NamespaceView view = new NamespaceView(parts.store());
        MountPlace place = file.place();
        return file.standsIn(view, parts.mountTables())
                && !Leftovers.othersAround(view, place, file.inode().id())
                && !isWrittenThrough(view, place);
    }

    private static boolean isWrittenThrough(NamespaceView view, MountPlace place) {
        var pending = view.pending(place.parent().key(), place.name());
        return pending != null && pending.through();
    }

    /** @return whether there was an intent already */
    private boolean intend(Located file) throws TarnException {
        MountPlace place = file.place();
        return mutations.step((view, records) -> {
            if (view.persistIntent(place.mount().id(), place.path()) != null) {
                return true;
            }
            if (!file.standsIn(view, parts.mountTables())) {
                throw MissingDirectories.mountsChanged();
            }
            records.accept(new Record.PersistIntended(
                    file.inode().id(),
                    place.mount().id(),
                    place.path(),
                    file.inode().storeTag()));
            return false;
        });
    }

    private void drop(Located file) throws TarnException {
        mutations.step((view, records) -> {
            records.accept(new Record.PersistDropped(
                    file.place().mount().id(), file.place().path()));
            return true;
        });
    }

    /** What an earlier attempt may have left in the store goes with the file. */
    private void dropUnknown(Located file) throws TarnException {
        mutations.step((view, records) -> {
            Inode inode = view.inode(file.inode().id());
            if (inode == null) {
                throw MissingDirectories.mountsChanged();
            }
            records.accept(new Record.InodeChanged(inode.withUnknownInStore()));
            records.accept(new Record.PersistDropped(
                    file.place().mount().id(), file.place().path()));
            return true;
        });
    }

    /** Several workers may have brought the file to its store, one after the other, and any of them may be asked last: what the store holds counts. */
    private StoreStatus latest(Located file, StoreStatus committed) throws TarnException {
        return parts.mirror()
                .stores()
                .of(file.place().mount())
                .status(file.place().path())
                .filter(held -> !held.directory())
                .orElse(committed);
    }

    private void end(Located file, StoreStatus committed, long workerId) throws TarnException {
        MountPlace place = file.place();
        UnderStore store = parts.mirror().stores().of(place.mount());
        Located latest = file.in(new NamespaceView(parts.store()), parts.mountTables());
        Inode inode = (latest == null ? file : latest).inode();
        KeptCreator kept = KeptCreator.of(store, place.path(), inode.owner(), inode.group(), inode.mode());
        StoreStatus now = kept.status();
        StoreStatus shown = now != null && now.versionTag().equals(committed.versionTag()) ? now : committed;
        Overlay overlay = kept.overlay()
                .with(inode.extendedAttributes())
                .withTimes(
                        inode.modifiedMillis() == shown.modifiedMillis() ? null : inode.modifiedMillis(),
                        inode.accessedMillis() == inode.modifiedMillis() ? null : inode.accessedMillis());
        parts.mirror().put(place.mount().id(), shown);
        mutations.step((view, records) -> {
            Inode persisted = view.inode(file.inode().id());
            if (persisted != null) {
                tellWriter(persisted, committed.versionTag(), view, records);
            }
            records.accept(new Record.PersistEnded(place.mount().id(), place.path(), overlay, workerId));
            return true;
        });
    }

    /** Whoever writes a new version meanwhile is to replace what the store holds now; that is journaled, since a new leader knows nothing of the store. */
    private static void tellWriter(Inode persisted, String storeTag, NamespaceView view, Consumer<Record> records) {
        PendingFile pending = view.pending(persisted.parent(), persisted.name());
        Inode written = pending == null || pending.through() ? null : view.inode(pending.inodeId());
        if (written != null) {
            records.accept(new Record.InodeChanged(written.withStore(false, storeTag)));
        }
    }

    /** A worker that committed the file knows so, also without its pages. One that has neither pages nor that knowledge can never end an earlier attempt. */
    private void dropIntent(Located file) throws TarnException {
        MountPlace place = file.place();
        if (intentOf(file) == null) {
            return;
        }
        try (PathLocks.Held held = parts.locks().hold(List.of(place.inNamespace()))) {
            if (intentOf(file) != null && isUndisturbed(file)) {
                LOG.error(
                        "{} is not on its worker any more, which knows nothing of having brought it to its store either; compare"
                                + " what the store holds there",
                        place);
                dropUnknown(file);
            }
        }
    }

    private @Nullable PersistIntent intentOf(Located file) {
        PersistIntent intent = new NamespaceView(parts.store())
                .persistIntent(file.place().mount().id(), file.place().path());
        return intent != null && intent.inodeId() == file.inode().id() ? intent : null;
    }

    private PersistCondition condition(Located file, boolean overwrite) {
        String tag = file.inode().storeTag();
        boolean any = overwrite || intentOf(file) != null || tag.equals(Inode.UNKNOWN_TAG);
        return PersistCondition.newBuilder()
                .setAbsent(!any && tag.isEmpty())
                .setVersionTag(any ? "" : tag)
                .build();
    }

    private static TarnException failureOf(PersistReport report) {
        return new TarnException(
                ErrorCode.ofNumber(report.getFailure().getCode()),
                report.getFailure().getMessage());
    }
}
