package io.tarn.hadoop;

import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.LocatedFileStatus;

/** A {@link TarnFileStatus} with the places of its blocks. */
final class TarnLocatedStatus extends LocatedFileStatus implements EtagSource {
    private static final long serialVersionUID = 1;

    private final String version;

    TarnLocatedStatus(TarnFileStatus status, BlockLocation[] locations) {
        super(status, locations);
        this.version = status.getEtag();
    }

    @Override
    public String getEtag() {
        return version;
    }

    /** As {@link LocatedFileStatus}: the same path. */
    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
