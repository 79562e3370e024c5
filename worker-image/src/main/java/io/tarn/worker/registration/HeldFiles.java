package io.tarn.worker.registration;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeldFile;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.persist.PersistedVersions;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files are here that the master takes to be: a tier's directory may have been emptied, as memory is when a node starts. One that this worker has brought to its store counts as
 * here: the master may have stopped before it noted so, and has to ask this worker again. For one thread.
 */
final class HeldFiles {
    private final PageStore pages;
    private final PersistedVersions persisted;
    private final List<FileVersionId> whole = new ArrayList<>();
    private final List<FileVersionId> missing = new ArrayList<>();

    HeldFiles(PageStore pages, PersistedVersions persisted) {
        this.pages = pages;
        this.persisted = persisted;
    }

    void lookFor(HeldFile file) {
        (isWhole(file) ? whole : missing).add(file.getVersion());
    }

    private boolean isWhole(HeldFile file) {
        FileVersion version = FileVersion.of(file.getVersion());
        if (persisted.find(version) != null) {
            return true;
        }
        try (CachedFile cached = pages.find(version)) {
            return cached != null && cached.lengthBytes() == file.getLengthBytes() && cached.fullyCached();
        }
    }

    void report(HeartbeatRequest.Builder request) {
        request.addAllWhole(whole).addAllMissing(missing);
    }

    /** The master has what was reported; it asks again where it has forgotten. */
    void told() {
        whole.clear();
        missing.clear();
    }
}
