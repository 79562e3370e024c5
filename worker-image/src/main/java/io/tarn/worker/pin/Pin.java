package io.tarn.worker.pin;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.PinnedFile;

/**
 * A version that is to stay in the cache.
 *
 * @param backing where the under store has it; the default instance where only the cache does
 * @param notedNanos when this process heard of it
 * @param lifted the end of an earlier pin
 */
record Pin(FileVersion version, Backing backing, long notedNanos, boolean lifted) {
    PinnedFile toMessage() {
        PinnedFile.Builder message = PinnedFile.newBuilder().setVersion(version.toMessage());
        return version.isMirrored() ? message.setBacking(backing).build() : message.build();
    }
}
