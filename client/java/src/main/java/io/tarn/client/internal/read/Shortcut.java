package io.tarn.client.internal.read;

import io.tarn.client.internal.data.DescriptorSource;
import io.tarn.client.internal.data.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a reader, once it has read enough to make it worth while, to the local worker's own file. Tried in the background, and again after twice as many
 * reads where the file was not wholly cached yet; without it everything works, only slower. Thread-safe.
 */
final class Shortcut {
    private static final Logger LOG = LoggerFactory.getLogger(Shortcut.class);
    private static final int FIRST_TRY_AFTER_READS = 4;
    private static final long SMALLEST_FILE_BYTES = 64 << 10;
    private static final long COUNT_AS_READ_BYTES = 256 << 10;

    private final ReadServices services;
    private final Admission admission;
    private final long lengthBytes;
    private final AtomicLong readsLeft = new AtomicLong(FIRST_TRY_AFTER_READS);
    private final AtomicBoolean trying = new AtomicBoolean();
    private long pauseReads = FIRST_TRY_AFTER_READS;
    private volatile @Nullable MappedFile mapped;
    private volatile boolean closed;

    Shortcut(ReadServices services, Admission admission, long lengthBytes) {
        this.services = services;
        this.admission = admission;
        this.lengthBytes = lengthBytes;
    }

    /** Reads {@code count} bytes, which lie within the file, if there is a mapping. @return whether it did */
    boolean read(long position, ByteBuffer into, int count) {
        MappedFile file = mapped;
        if (file == null || !file.enter()) {
            return false;
        }
        try {
            file.copy(position, into, count);
            services.counters().readDirectly(count);
            return true;
        } finally {
            file.leave();
        }
    }

    boolean isOpen() {
        return mapped != null;
    }

    /** Counts a read that took the long way, and may begin a try. */
    void missed(int bytes) {
        if (!services.mayMap() || lengthBytes < SMALLEST_FILE_BYTES) {
            return;
        }
        long left = readsLeft.addAndGet(-1 - bytes / COUNT_AS_READ_BYTES);
        if (left <= 0 && trying.compareAndSet(false, true)) {
            tryNow();
        }
    }

    private void tryNow() {
        var unused = admission
                .endpoint()
                .thenCompose(this::take)
                .thenAccept(this::map)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.debug("no descriptor of a file of {} bytes: {}", lengthBytes, failure.getMessage());
                        pauseReads *= 2;
                        readsLeft.set(pauseReads);
                        trying.set(false);
                    }
                });
    }

    private CompletableFuture<DescriptorSource.Export> take(Endpoint endpoint) {
        return endpoint.isUnixSocket()
                ? services.descriptors().take(endpoint, admission.openRead())
                : CompletableFuture.failedFuture(new IOException("the worker is not on this host"));
    }

    private void map(DescriptorSource.Export export) {
        try {
            MappedFile file = MappedFile.of(export, lengthBytes);
            mapped = file;
            if (closed) {
                close();
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    synchronized void close() {
        closed = true;
        MappedFile file = mapped;
        mapped = null;
        if (file != null) {
            file.close();
        }
    }
}
