package io.tarn.hadoop;

import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSLinkResolver;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;

/** Symbolic links as Hadoop speaks of them; the master follows them, so no call has to be made again by the client. Thread-safe. */
final class SymbolicLinks {
    private final TarnClient client;

    SymbolicLinks(TarnClient client) {
        this.client = client;
    }

    /** @param target of this file system, without scheme and authority */
    void create(String name, String target, boolean createParents) throws IOException {
        try {
            var unused = client.createLink(name, target, createParents);
        } catch (TarnException e) {
            throw HadoopErrors.of(name, e);
        }
    }

    FileInfo status(String name) throws IOException {
        try {
            return client.linkStatus(name);
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    /** With the target as a whole path. */
    static FileStatus qualified(FileStatus status, URI fileSystem) throws IOException {
        if (status.isSymlink()) {
            status.setSymlink(FSLinkResolver.qualifySymlinkTarget(fileSystem, status.getPath(), status.getSymlink()));
        }
        return status;
    }

    /** Also of a relative target with a colon, which would pass for a scheme. */
    static Path path(String target) {
        return new Path(null, null, target);
    }

    /** As it was given. */
    Path target(String name) throws IOException {
        String target = status(name).linkTarget();
        if (target == null) {
            throw new PathIOException(name, "not a symbolic link");
        }
        return path(target);
    }
}
