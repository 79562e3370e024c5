package io.tarn.client.internal;

import io.tarn.client.PersistProgress;
import io.tarn.client.internal.master.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks again and again how far the files below a path are, with pauses from 50 ms to a second. For one thread. */
final class PersistWait {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Namespace namespace;
    private final String path;
    private final boolean recursive;

    PersistWait(Namespace namespace, String path, boolean recursive) {
        this.namespace = namespace;
        this.path = path;
        this.recursive = recursive;
    }

    void await(Duration timeout, Consumer<PersistProgress> watcher) throws TarnException {
        long end = System.nanoTime() + timeout.toNanos();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (true) {
            PersistProgress progress = namespace.persist(path, recursive);
            watcher.accept(progress);
            if (progress.waiting() == 0) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw late(progress);
            }
            pause(pauseMillis);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
    }

    private TarnException late(PersistProgress progress) {
        String reason = progress.failing() == 0
                ? "; none has failed, so wait longer"
                : "; the last try failed for " + progress.failing() + " of them: " + progress.firstFailure();
        return new TarnException(
                ErrorCode.TIMEOUT,
                progress.waiting() + " files and directories at " + path + " are not in the under store yet" + reason);
    }

    private static void pause(long millis) throws TarnException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.TIMEOUT, "the waiting thread was interrupted", e);
        }
    }
}
