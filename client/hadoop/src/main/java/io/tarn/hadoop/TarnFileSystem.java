package io.tarn.hadoop;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.OpenOptions.AccessPattern;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.LambdaUtils;
import org.apache.hadoop.util.Progressable;
import org.apache.hadoop.util.functional.RemoteIterators;
import org.jspecify.annotations.Nullable;

/** The namespace of one Tarn cluster, {@code tarn://host:port/}, as a Hadoop file system. Thread-safe. */
public class TarnFileSystem extends AttributedFileSystem {
    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        countRead();
        String name = name(path);
        return status(look(name, () -> client().status(name)));
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return open(path, AccessPattern.AUTO);
    }

    private FSDataInputStream open(Path path, AccessPattern pattern) throws IOException {
        countRead();
        String name = name(path);
        try {
            FileReader reader =
                    client().open(name, new OpenOptions(mounted().settings().readType(), pattern));
            return new FSDataInputStream(new TarnInputStream(reader, statistics));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.IS_A_DIRECTORY) {
                throw (IOException) new FileNotFoundException(name + " is a directory").initCause(e);
            }
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    @Override
    protected CompletableFuture<FSDataInputStream> openFileWithOptions(Path path, OpenFileParameters parameters) {
        OpenRequests.refuseUnknown(parameters);
        AccessPattern pattern = OpenRequests.pattern(parameters.getOptions());
        return LambdaUtils.eval(new CompletableFuture<>(), () -> open(path, pattern));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        return create(path, permission, overwrite, true, blockSize);
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        if (flags.contains(CreateFlag.APPEND)) {
            return append(path, bufferSize, progress);
        }
        return create(path, permission, flags.contains(CreateFlag.OVERWRITE), false, blockSize);
    }

    private FSDataOutputStream create(
            Path path, FsPermission permission, boolean overwrite, boolean createParents, long blockSize)
            throws IOException {
        return create(
                path,
                new CreateOptions(defaultWriteType(), overwrite, createParents, masked(permission), blockSize, false));
    }

    FSDataOutputStream create(Path path, CreateOptions options) throws IOException {
        countWrite();
        return mounted().writes().create(name(path), options);
    }

    WriteType defaultWriteType() {
        return mounted().settings().writeType();
    }

    /** Knows the options {@link CreateRequests#WRITE_TYPE} and {@link CreateRequests#DURABLE}. */
    @Override
    @SuppressWarnings("rawtypes") // Hadoop's own signature.
    public FSDataOutputStreamBuilder createFile(Path path) {
        return new CreateRequests(this, path).create().overwrite(true);
    }

    @Override
    @SuppressWarnings("rawtypes") // Hadoop's own signature.
    public FSDataOutputStreamBuilder appendFile(Path path) {
        return new CreateRequests(this, path).append();
    }

    int masked(FsPermission permission) {
        return permission.applyUMask(FsPermission.getUMask(getConf())).toShort();
    }

    /** A new version of the file, which replaces the old one when the stream is closed. */
    @Override
    public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) throws IOException {
        countWrite();
        return mounted().writes().append(name(path));
    }

    /** Done when it returns. */
    @Override
    public boolean truncate(Path path, long newLength) throws IOException {
        countWrite();
        mounted().writes().truncate(name(path), newLength);
        return true;
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        countWrite();
        String from = name(source);
        return call(from, () -> mounted().renames().rename(from, name(target)));
    }

    @Override
    @SuppressWarnings("deprecation") // Overridden, not called: FileContext and committers use it.
    public void rename(Path source, Path target, Options.Rename... options) throws IOException {
        countWrite();
        String from = name(source);
        boolean overwrite = List.of(options).contains(Options.Rename.OVERWRITE);
        call(from, () -> {
            mounted().renames().renameTo(from, name(target), overwrite);
            return null;
        });
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        countWrite();
        String name = name(path);
        if (name.equals("/")) {
            return false;
        }
        try {
            client().delete(name, recursive);
            return true;
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.NOT_A_DIRECTORY) {
                return false;
            }
            throw HadoopErrors.of(name, e);
        }
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        countWrite();
        String name = name(path);
        call(name, () -> client().makeDirectory(name, true, true, masked(permission)));
        return true;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return RemoteIterators.toArray(listStatusIterator(path), new FileStatus[0]);
    }

    /** Streams: a directory of any size takes little memory. */
    @Override
    public RemoteIterator<FileStatus> listStatusIterator(Path path) throws IOException {
        countRead();
        return RemoteIterators.typeCastingRemoteIterator(mounted().listings().list(name(path)));
    }

    @Override
    protected RemoteIterator<LocatedFileStatus> listLocatedStatus(Path path, PathFilter filter) throws IOException {
        countRead();
        return mounted().listings().listLocated(name(path), filter);
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) throws IOException {
        if (start < 0 || length < 0) {
            throw new IllegalArgumentException("a range at " + start + " of " + length + " bytes");
        }
        return file.isDirectory() || start >= file.getLen() || length == 0
                ? new BlockLocation[0]
                : mounted().listings().locations(name(file.getPath()), start, length);
    }

    /** The cache's capacity and use, over all tiers of all workers that are alive. */
    @Override
    public FsStatus getStatus(@Nullable Path path) throws IOException {
        return Capacity.of(call("/", () -> client().clusterInfo()));
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return Capabilities.has(capability) || super.hasPathCapability(path, capability);
    }
}
