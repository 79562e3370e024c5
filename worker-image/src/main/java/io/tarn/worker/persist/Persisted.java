package io.tarn.worker.persist;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.Ticket;

/**
 * What a version that only the cache held has become.
 *
 * @param backing where its bytes lie now, with the store's version tag
 * @param untilMillis when no ticket of the old version is valid any more
 */
public record Persisted(FileVersion old, Backing backing, long untilMillis) {
    /** Under which its pages are served now. */
    public FileVersion version() {
        return FileVersion.mirrored(backing.getMountId(), backing.getPath(), backing.getVersionTag());
    }

    /** A ticket of the old version, for the new one. */
    public Ticket follow(Ticket ticket) {
        return ticket.toBuilder()
                .setVersion(version().toMessage())
                .setBacking(backing)
                .build();
    }
}
