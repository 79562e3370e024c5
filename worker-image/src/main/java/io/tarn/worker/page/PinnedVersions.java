package io.tarn.worker.page;

import io.tarn.protocol.id.FileVersion;

/** Which versions are to stay in the cache. Safe for many threads; answers at once. */
public interface PinnedVersions {
    /** None are. */
    PinnedVersions NONE = version -> false;

    boolean contains(FileVersion version);
}
