package io.tarn.cli.cache;

import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Loads files on a few threads while the listing goes on; the listing waits where it is far ahead. Used by one thread. */
final class Loader implements AutoCloseable {
    private static final int FILES_AHEAD = 256;

    private final TarnClient client;
    private final long bytesPerSecondEach;
    private final boolean recursive;
    private final Progress progress;
    private final ThreadPoolExecutor threads;
    private final Semaphore room = new Semaphore(FILES_AHEAD);
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong seenBytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    /** @param bytesPerSecond of all threads together; 0 = unlimited */
    Loader(TarnClient client, int parallel, long bytesPerSecond, boolean recursive, Progress progress) {
        this.client = client;
        this.bytesPerSecondEach = bytesPerSecond == 0 ? 0 : Math.max(1, bytesPerSecond / parallel);
        this.recursive = recursive;
        this.progress = progress;
        this.threads =
                new ThreadPoolExecutor(parallel, parallel, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(FILES_AHEAD));
    }

    /** Takes a file, or all files of a directory. */
    void submit(String path) throws IOException {
        FileInfo file = client.status(path);
        if (!file.isDirectory()) {
            enqueue(file);
            return;
        }
        try (Listing listing = client.list(path, recursive ? ListOptions.RECURSIVE : ListOptions.CHILDREN)) {
            while (failure.get() == null && listing.hasNext()) {
                FileInfo child = listing.next();
                if (child.type() == FileInfo.Type.FILE && child.complete()) {
                    enqueue(child);
                }
            }
        }
    }

    /** Waits for all files. @throws IOException the first failure */
    void await() throws IOException {
        acquire(FILES_AHEAD);
        room.release(FILES_AHEAD);
        IOException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    long fetchedBytes() {
        return fetchedBytes.get();
    }

    /** Length of all files that were loaded. */
    long seenBytes() {
        return seenBytes.get();
    }

    long files() {
        return files.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void enqueue(FileInfo file) throws IOException {
        acquire(1);
        progress.addTotal(file.lengthBytes());
        threads.execute(() -> {
            try {
                load(file);
            } catch (IOException e) {
                failure.compareAndSet(null, e);
            } catch (RuntimeException e) {
                failure.compareAndSet(null, new IOException("loading " + file.path() + " failed: " + e, e));
            } finally {
                room.release();
            }
        });
    }

    private void load(FileInfo file) throws IOException {
        if (failure.get() != null) {
            return;
        }
        try (FileReader reader = client.open(file.path(), OpenOptions.DEFAULT)) {
            long length = reader.info().lengthBytes();
            AtomicLong reached = new AtomicLong();
            long fetched = length == 0
                    ? 0
                    : reader.load(
                            0,
                            length,
                            bytesPerSecondEach,
                            position -> progress.addDone(position - reached.getAndSet(position)));
            progress.addDone(length - reached.get());
            fetchedBytes.addAndGet(fetched);
            seenBytes.addAndGet(length);
            files.incrementAndGet();
        }
    }

    private void acquire(int permits) throws IOException {
        try {
            room.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "interrupted; run the same load again to go on", e);
        }
    }
}
