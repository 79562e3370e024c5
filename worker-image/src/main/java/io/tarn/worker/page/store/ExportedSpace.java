package io.tarn.worker.page.store;

import io.tarn.worker.os.NativeException;
import io.tarn.worker.os.NativeFile;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unlinked files whose descriptors left the worker: their space counts as used until nobody has them open or mapped any more, which the kernel tells by
 * granting a write lease. Thread-safe; one thread polls.
 */
final class ExportedSpace {
    private static final Logger LOG = LoggerFactory.getLogger(ExportedSpace.class);

    private final Queue<Lingering> files = new ConcurrentLinkedQueue<>();

    /** @param file the worker's own descriptor, opened before the file was unlinked; closed here */
    void add(NativeFile file, TierDirectory directory, long bytes) {
        files.add(new Lingering(file, directory, bytes));
        poll();
    }

    /** Gives back the space of those that have no user left. */
    void poll() {
        files.removeIf(Lingering::releaseIfUnused);
    }

    int count() {
        return files.size();
    }

    private record Lingering(NativeFile file, TierDirectory directory, long bytes) {
        boolean releaseIfUnused() {
            try {
                if (!file.isOnlyUser()) {
                    return false;
                }
            } catch (NativeException e) {
                LOG.warn(
                        "{}: whether an exported file is still open cannot be asked; its space is taken as free",
                        directory,
                        e);
            }
            try {
                file.close();
            } catch (NativeException e) {
                LOG.warn("closing an exported file", e);
            }
            directory.released(bytes);
            return true;
        }
    }
}
