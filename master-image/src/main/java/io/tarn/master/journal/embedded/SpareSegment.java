package io.tarn.master.journal.embedded;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one allocated segment in reserve, made in the background, so that going on to the next one takes no time and finds its space. Thread-safe.
 */
final class SpareSegment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpareSegment.class);
    private static final String NAME = "spare";
    private static final String UNFINISHED_NAME = "spare.new";

    private final LogFiles files;
    private final long sizeBytes;
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("master-journal-spare").factory());

    SpareSegment(LogFiles files, long sizeBytes) {
        this.files = files;
        this.sizeBytes = sizeBytes;
    }

    /** Begins to make one where there is none. */
    void prepare() {
        background.execute(() -> {
            try {
                ensure();
            } catch (IOException e) {
                LOG.warn(
                        "No room for the journal's next segment yet ({}): free space before the current one is full",
                        e.getMessage());
            }
        });
    }

    /** Renames the spare segment; makes one first where there is none. */
    synchronized void takeAs(String name, SegmentHeader header) throws IOException {
        ensure();
        try (LogFiles.WritableLogFile file = files.openForWriting(NAME)) {
            file.write(header.encode(), 0);
            file.force();
        }
        files.rename(NAME, name);
        files.forceDirectory();
    }

    private synchronized void ensure() throws IOException {
        if (files.names().contains(NAME) && files.sizeBytes(NAME) == sizeBytes) {
            return;
        }
        try {
            files.allocate(UNFINISHED_NAME, sizeBytes);
            files.rename(UNFINISHED_NAME, NAME);
            files.forceDirectory();
        } catch (IOException e) {
            files.delete(UNFINISHED_NAME);
            throw e;
        }
    }

    @Override
    public void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("Still allocating the journal's next segment");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
