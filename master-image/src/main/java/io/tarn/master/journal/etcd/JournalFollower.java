package io.tarn.master.journal.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.etcd.EtcdKeys;
import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every batch to a standby as it is committed. It reads up to the end, then watches; whatever is not the next batch (a gap, a watch that ended, a
 * revision that was compacted, more than it can hold) begins again with reading. It ends where the next batch has been trimmed, or is of a newer release. Runs
 * on a thread of its own.
 */
public final class JournalFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFollower.class);
    private static final int MAX_WAITING = 256;
    private static final long LOOK_MILLIS = 5_000;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Takes batches, each once and in order. */
    public interface Follower {
        /** The last batch that it has. */
        long appliedSequence();

        /** Takes the next one. */
        void apply(Journal.Batch batch) throws TarnException;

        /** The batch that it needs has been trimmed, and it will get none any more. */
        void leftBehind();

        /** The batch that it needs is of a format that this release does not read, and it will get none any more. */
        void cannotRead(TarnException why);
    }

    private final EtcdConnection etcd;
    private final Follower follower;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable TarnException failure;

    private JournalFollower(EtcdConnection etcd, Follower follower) {
        this.etcd = etcd;
        this.follower = follower;
        this.thread = Thread.ofPlatform().daemon().name("master-follower").unstarted(this::run);
    }

    /** Begins to follow. */
    public static JournalFollower start(EtcdConnection etcd, Follower follower) {
        JournalFollower started = new JournalFollower(etcd, follower);
        started.thread.start();
        return started;
    }

    /** Why it cannot follow at the moment; null while all is well. */
    public @Nullable TarnException failure() {
        return failure;
    }

    private void run() {
        while (!stopped) {
            try {
                long revision = readToEnd();
                failure = null;
                watch(revision + 1);
            } catch (TarnException e) {
                note(e);
                if (e.code() == ErrorCode.NOT_FOUND) {
                    follower.leftBehind();
                    return;
                }
                if (e.code() == ErrorCode.UNSUPPORTED) {
                    follower.cannotRead(e);
                    return;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void note(TarnException e) {
        if (failure == null && !stopped) {
            LOG.warn("This standby cannot follow the journal, and tries on: {}", e.getMessage());
        }
        failure = e;
    }

    /** @return the revision up to which there is nothing more */
    private long readToEnd() throws TarnException {
        BatchPages pages = new BatchPages(etcd, follower.appliedSequence() + 1);
        try {
            while (!stopped && pages.hasNext()) {
                follower.apply(pages.next());
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof TarnException cause) {
                throw cause;
            }
            throw e;
        }
        return pages.revision();
    }

    /** Until something is missed, or for some seconds: a watch that hangs is found then. */
    private void watch(long fromRevision) throws TarnException, InterruptedException {
        BlockingQueue<WatchEvent> events = new ArrayBlockingQueue<>(MAX_WAITING);
        AtomicBoolean missed = new AtomicBoolean();
        ByteSequence prefix = etcd.keys().batches();
        WatchOption puts = WatchOption.builder()
                .withRange(etcd.keys().endOfBatches())
                .withRevision(fromRevision)
                .withNoDelete(true)
                .withRequireLeader(true)
                .build();
        Watch.Listener listener = Watch.listener(
                (WatchResponse response) -> response.getEvents().forEach(event -> {
                    if (!events.offer(event)) {
                        missed.set(true);
                    }
                }),
                gone -> missed.set(true),
                () -> missed.set(true));
        try (Watch.Watcher watcher = etcd.client().getWatchClient().watch(prefix, puts, listener)) {
            while (!stopped && take(events.poll(missed.get() ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS))) {
                continue;
            }
        }
    }

    /** @return false where it is time to read */
    private boolean take(@Nullable WatchEvent event) throws TarnException {
        if (event == null) {
            return false;
        }
        long sequence = EtcdKeys.sequence(event.getKeyValue().getKey());
        if (sequence > follower.appliedSequence() + 1) {
            return false;
        }
        if (sequence == follower.appliedSequence() + 1) {
            follower.apply(
                    BatchValue.decode(sequence, event.getKeyValue().getValue()).toBatch());
        }
        return true;
    }

    /** Waits until the batch that is being applied is applied; nothing is applied any more. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.interrupt();
                thread.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
