package io.tarn.worker.registration;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.FileVersionId;
import java.util.List;

/** The versions that the master is told of because their pages may be nowhere else, in parts that fit into a message each. For one thread. */
final class OwnedVersions {
    /** Of 18 bytes each on the wire. */
    static final int PART = 5_000;

    private List<FileVersion> toTell = List.of();

    /** All is told anew. */
    void begin(List<FileVersion> versions) {
        toTell = versions;
    }

    /** What is to be told next; empty where all is told. */
    List<FileVersionId> part() {
        return toTell.stream().limit(PART).map(FileVersion::toMessage).toList();
    }

    boolean allTold() {
        return toTell.isEmpty();
    }

    /** Whether {@link #part} is not the last one. */
    boolean moreFollow() {
        return toTell.size() > PART;
    }

    /** The master has the part. */
    void told() {
        toTell = toTell.subList(Math.min(PART, toTell.size()), toTell.size());
    }
}
