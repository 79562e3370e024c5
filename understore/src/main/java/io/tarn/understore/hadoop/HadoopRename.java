package io.tarn.understore.hadoop;

import java.io.IOException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * Renames that replace, or refuse to. HDFS does either atomically; Hadoop's general interface has neither, so elsewhere what is there is looked at, and
 * deleted, just before.
 */
final class HadoopRename {
    private HadoopRename() {}

    static void replacing(FileSystem fileSystem, Path source, Path target) throws IOException {
        if (fileSystem instanceof DistributedFileSystem hdfs) {
            hdfs.rename(source, target, Options.Rename.OVERWRITE);
            return;
        }
        if (fileSystem.exists(target)) {
            fileSystem.delete(target, false);
        }
        plain(fileSystem, source, target);
    }

    static void ifAbsent(FileSystem fileSystem, Path source, Path target) throws IOException {
        if (fileSystem instanceof DistributedFileSystem hdfs) {
            hdfs.rename(source, target, Options.Rename.NONE);
            return;
        }
        if (fileSystem.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        plain(fileSystem, source, target);
    }

    private static void plain(FileSystem fileSystem, Path source, Path target) throws IOException {
        if (!fileSystem.rename(source, target)) {
            throw new IOException("the store refused to rename " + source + " to " + target);
        }
    }
}
