package io.tarn.hadoop;

import io.tarn.client.FileInfo;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** A status with the version of the content, which tells whether a file has changed. Immutable once made. */
final class TarnFileStatus extends FileStatus implements EtagSource {
    private static final long serialVersionUID = 1;

    private final String version;

    TarnFileStatus(FileInfo info, Path path) {
        super(
                info.lengthBytes(),
                info.isDirectory(),
                info.isDirectory() ? 0 : 1,
                info.isDirectory() ? 0 : info.blockSizeBytes(),
                info.modifiedMillis(),
                info.accessedMillis(),
                new FsPermission((short) info.mode()),
                info.owner(),
                info.group(),
                path);
        this.version = info.version();
        String target = info.linkTarget();
        if (target != null) {
            setSymlink(SymbolicLinks.path(target));
        }
    }

    @Override
    public String getEtag() {
        return version;
    }

    /** As {@link FileStatus}: the same path. */
    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
