package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.limit.TokenBucket;
import org.jspecify.annotations.Nullable;

/** The limits of one mount in this process; null = unlimited. Safe for use by many threads. */
public record StoreLimits(
        @Nullable TokenBucket requests,
        @Nullable TokenBucket readBytes,
        @Nullable TokenBucket writtenBytes) {

    /** What the options of a mount ask for. */
    public static StoreLimits of(MountOptions options) {
        return new StoreLimits(
                bucket(options.getRequestsPerSecond()),
                bucket(options.getReadBytesPerSecond()),
                bucket(options.getWriteBytesPerSecond()));
    }

    private static @Nullable TokenBucket bucket(long perSecond) {
        // Beyond what a signed number holds there is nothing to limit.
        return perSecond > 0 ? TokenBucket.perSecond(perSecond) : null;
    }

    boolean isUnlimited() {
        return requests == null && readBytes == null && writtenBytes == null;
    }

    void request() throws TarnException {
        take(requests, 1);
    }

    void read(long bytes) throws TarnException {
        take(readBytes, bytes);
    }

    void written(long bytes) throws TarnException {
        take(writtenBytes, bytes);
    }

    private static void take(@Nullable TokenBucket bucket, long amount) throws TarnException {
        if (bucket == null) {
            return;
        }
        try {
            bucket.take(amount);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "interrupted while a mount's limit held a request back", e);
        }
    }
}
