package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from a store what uploads of earlier processes left; what cannot be removed within some minutes waits for the next start. Runs once, on a thread of
 * its own.
 */
final class LeftoverRemoval implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(LeftoverRemoval.class);
    private static final int TRIES = 8;

    private final UnderStore store;
    private final UploadLog uploads;
    private final List<UploadLog.Upload> leftovers;

    /** @param store is closed at the end */
    LeftoverRemoval(UnderStore store, UploadLog uploads, List<UploadLog.Upload> leftovers) {
        this.store = store;
        this.uploads = uploads;
        this.leftovers = leftovers;
    }

    @Override
    public void run() {
        try (store) {
            removeAll();
        }
    }

    private void removeAll() {
        int removed = 0;
        for (UploadLog.Upload leftover : leftovers) {
            try {
                remove(leftover);
                removed++;
            } catch (TarnException | RuntimeException e) {
                log.warn("remains of an upload stay in {} until the next start: {}", store.uri(), e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        log.info(
                "{}: removed what {} of {} uploads of an earlier process left", store.uri(), removed, leftovers.size());
    }

    private void remove(UploadLog.Upload leftover) throws TarnException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                store.removeUnfinished(leftover.upload());
                uploads.end(leftover.number());
                return;
            } catch (TarnException e) {
                if (attempt == TRIES) {
                    throw e;
                }
                Thread.sleep(Duration.ofSeconds(1L << attempt - 1));
            }
        }
    }
}
