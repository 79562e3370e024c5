package io.tarn.understore.hadoop;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/** Paths and statuses of a mount in Hadoop's terms. Immutable. */
record HadoopFiles(URI root, boolean keepsOwnerAndMode) {
    /** The Hadoop path of a path of the mount, which is checked first. */
    Path locate(String path) throws TarnException {
        return at(StorePaths.check(path));
    }

    /** As {@link #locate}, for names that Tarn makes itself. */
    Path at(String path) {
        String top = root.getPath().equals("/") ? "" : root.getPath();
        // Not from one string: Hadoop would take a colon in a name for a scheme.
        return new Path(root.getScheme(), root.getAuthority(), path.isEmpty() ? root.getPath() : top + "/" + path);
    }

    @Nullable
    StoreStatus status(FileSystem fileSystem, String path, Path file) throws IOException {
        try {
            return toStatus(path, fileSystem.getFileStatus(file));
        } catch (FileNotFoundException | ParentNotDirectoryException e) {
            return null;
        } catch (AccessControlException e) {
            if (String.valueOf(e.getMessage()).contains("ot a directory")) {
                return null;
            }
            throw e;
        }
    }

    StoreStatus toStatus(String path, FileStatus status) {
        boolean directory = status.isDirectory();
        return new StoreStatus(
                path,
                directory,
                directory ? 0 : status.getLen(),
                status.getModificationTime(),
                directory ? "" : versionTag(status),
                keepsOwnerAndMode ? status.getOwner() : null,
                keepsOwnerAndMode ? status.getGroup() : null,
                keepsOwnerAndMode ? status.getPermission().toShort() & 07777 : -1);
    }

    private static String versionTag(FileStatus status) {
        if (status instanceof EtagSource source && source.getEtag() != null) {
            return source.getEtag();
        }
        String tag = status.getModificationTime() + ":" + status.getLen();
        return status instanceof HdfsFileStatus hdfs ? tag + ":" + hdfs.getFileId() : tag;
    }
}
