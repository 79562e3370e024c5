package io.tarn.worker.persist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistedVersionsTest {
    private static final InstantSource LATE = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));

    @TempDir
    Path directory;

    private static Persisted expired(long inode) {
        Backing backing = Backing.newBuilder()
                .setMountId(1)
                .setPath("file-" + inode)
                .setVersionTag("tag")
                .build();
        return new Persisted(FileVersion.owned(inode, 1), backing, 1_000);
    }

    @Test
    void theNewestAreKeptHoweverOldTheyAre() throws Exception {
        try (PersistedVersions versions = PersistedVersions.open(directory, LATE)) {
            versions.add(expired(1));
            versions.add(expired(2));
        }
        for (int start = 0; start < 2; start++) {
            try (PersistedVersions versions = PersistedVersions.open(directory, LATE)) {
                assertEquals(expired(1), versions.find(FileVersion.owned(1, 1)));
                assertEquals(expired(2), versions.find(FileVersion.owned(2, 1)));
            }
        }
    }
}
