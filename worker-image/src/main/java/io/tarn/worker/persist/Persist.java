package io.tarn.worker.persist;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.ErrorDetail;
import io.tarn.protocol.v1.PersistCondition;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import io.tarn.protocol.v1.Ticket;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.store.StoreUse;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file on its way into its store, on a thread of its own: its pages are sent, PREPARED is reported, the master's decision is awaited, and the file is
 * made visible or nothing is left of it. Orders come from other threads and return at once.
 */
final class Persist implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Persist.class);

    private final PersistOrder order;
    private final PersistContext context;
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean aborted;
    private boolean committing;
    private volatile @Nullable PersistReport report;

    Persist(PersistOrder order, PersistContext context) {
        this.order = order;
        this.context = context;
    }

    long id() {
        return order.getPersistId();
    }

    /** The newest report; null before the first. */
    @Nullable
    PersistReport report() {
        return report;
    }

    void commit() {
        decided.countDown();
    }

    /** Before the commit has begun; afterwards it comes too late. */
    void abort() {
        aborted = true;
        decided.countDown();
    }

    @Override
    public void run() {
        try {
            context.slots().acquire();
            try {
                persist(context.cluster().signer().check(order.getTicket()));
            } finally {
                context.slots().release();
            }
        } catch (TarnException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            log.error("unexpected failure in a persist", e);
            ErrorCode code = committing ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.INTERNAL;
            failed(new TarnException(code, "unexpected failure: " + e, e));
        }
    }

    private void persist(Ticket ticket) throws TarnException, InterruptedException {
        context.cluster().requireCurrent(ticket.getEpoch());
        Backing place = ticket.getBacking();
        FileVersion version = FileVersion.of(ticket.getVersion());
        if (!ticket.hasBacking()) {
            throw new TarnException(ErrorCode.MALFORMED, "an order to persist " + ticket.getPath() + " to no place");
        }
        if (aborted) {
            return;
        }
        try (StoreUse use = context.stores().use(place.getMountId());
                CachedFile file = context.pages().find(version)) {
            Persisted earlier = earlier(version, place);
            if (earlier != null) {
                report(PersistReport.Result.PREPARED);
                decided.await();
                if (!aborted) {
                    commitAgain(ticket, file, earlier, use);
                }
                return;
            }
            try (StoreWriter writer = use.store().create(place.getPath(), options(order.getCondition()))) {
                if (!new PageUpload(ticket, file).run(writer, () -> aborted)) {
                    return;
                }
                report(PersistReport.Result.PREPARED);
                decided.await();
                if (!aborted) {
                    commit(ticket, file, writer);
                }
            }
        }
    }

    /** This very content was brought to this place before, and the master has not heard of it; what was made of it in the store since is the store's affair. */
    private @Nullable Persisted earlier(FileVersion version, Backing place) {
        Persisted persisted = context.persisted().find(version);
        boolean here = persisted != null
                && persisted.backing().getMountId() == place.getMountId()
                && persisted.backing().getPath().equals(place.getPath());
        return here ? persisted : null;
    }

    private void commitAgain(Ticket ticket, @Nullable CachedFile file, Persisted earlier, StoreUse use)
            throws TarnException {
        String path = earlier.backing().getPath();
        String tag = earlier.backing().getVersionTag();
        committing = true;
        takeNewVersion(ticket, file, earlier);
        committed(earlier.backing(), statusOfEarlier(use, path, tag, ticket.getLengthBytes()), ticket.getLengthBytes());
    }

    private static StoreStatus statusOfEarlier(StoreUse use, String path, String tag, long lengthBytes)
            throws TarnException {
        try {
            return use.store()
                    .status(path)
                    .filter(there -> there.versionTag().equals(tag))
                    .orElse(StoreStatus.file(path, lengthBytes, 0, tag));
        } catch (TarnException e) {
            throw new TarnException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    path + " is in its store, but its status cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** The master has made the directories; where one was deleted since, with the file, this must not bring it back. */
    private static CreateOptions options(PersistCondition condition) {
        String tag = condition.getVersionTag();
        return new CreateOptions(condition.getAbsent(), tag.isEmpty() ? null : tag, StoreAttributes.NONE, true);
    }

    private void commit(Ticket ticket, @Nullable CachedFile file, StoreWriter writer) throws TarnException {
        Backing place = ticket.getBacking();
        if (!context.stores().isMounted(place.getMountId())) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "the mount of " + ticket.getPath() + " was removed or changed meanwhile");
        }
        long lifetimeMillis =
                ticket.getExpiresMillis() - context.cluster().clock().millis();
        committing = true;
        StoreStatus status = writer.commit();
        Backing backing = place.toBuilder().setVersionTag(status.versionTag()).build();
        Persisted persisted = new Persisted(
                FileVersion.of(ticket.getVersion()),
                backing,
                context.cluster().clock().millis() + Math.max(0, lifetimeMillis));
        context.persisted().add(persisted);
        takeNewVersion(ticket, file, persisted);
        committed(place, status, ticket.getLengthBytes());
    }

    private void takeNewVersion(Ticket ticket, @Nullable CachedFile file, Persisted persisted) {
        context.pins().persisted(persisted.old(), persisted.version(), persisted.backing());
        try {
            if (file != null) {
                file.becomePersisted(persisted.version(), persisted.backing().getMountId());
            }
        } catch (TarnException e) {
            log.warn("{} is in its store, but its pages stay as they were: {}", ticket.getPath(), e.getMessage());
        }
    }

    private void committed(Backing place, StoreStatus status, long lengthBytes) {
        report(PersistReport.newBuilder()
                .setPersistId(id())
                .setResult(PersistReport.Result.COMMITTED)
                .setBacking(place.toBuilder().setVersionTag(status.versionTag()))
                .setModifiedMillis(status.modifiedMillis())
                .setLengthBytes(lengthBytes)
                .build());
    }

    /** What fails once the file is committed, such as giving back what was used for it, changes nothing of that. */
    private void failed(TarnException failure) {
        PersistReport last = report;
        if (last != null && last.getResult() == PersistReport.Result.COMMITTED) {
            log.warn("after a commit: {}", failure.getMessage());
            return;
        }
        log.info("a persist failed: {}", failure.getMessage());
        report(failure(id(), failure));
    }

    static PersistReport failure(long persistId, TarnException failure) {
        return PersistReport.newBuilder()
                .setPersistId(persistId)
                .setResult(PersistReport.Result.FAILED)
                .setFailure(ErrorDetail.newBuilder()
                        .setCode(failure.code().number())
                        .setMessage(failure.getMessage())
                        .setRetryAfterMillis(failure.retryAfterMillis()))
                .build();
    }

    private void report(PersistReport.Result result) {
        report(PersistReport.newBuilder().setPersistId(id()).setResult(result).build());
    }

    private void report(PersistReport next) {
        report = next;
        context.reports().add(next);
    }
}
