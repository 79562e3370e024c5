package io.tarn.hadoop;

import io.tarn.client.AttributeChange;
import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.OpenOptions.AccessPattern;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.QuotaUsage;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.XAttrSetFlag;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.LambdaUtils;
import org.apache.hadoop.util.Progressable;
import org.apache.hadoop.util.functional.RemoteIterators;
import org.jspecify.annotations.Nullable;

/** The namespace of one Tarn cluster, {@code tarn://host:port/}, as a Hadoop file system. Thread-safe. */
public class TarnFileSystem extends FileSystem {
    static final String SCHEME = "tarn";

    private static final long DEFAULT_BLOCK_BYTES = 64L << 20;

    private @Nullable Mounted mounted;

    /** What {@link #initialize} makes. */
    private record Mounted(
            URI uri,
            TarnSettings settings,
            TarnClient client,
            Renames renames,
            Writes writes,
            ExtendedAttributes attributes,
            Listings listings,
            DirectoryQuotas quotas,
            SymbolicLinks links,
            String homeUser) {}

    private volatile @Nullable Path workingDirectory;

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        setConf(configuration);
        String user = UserGroupInformation.getCurrentUser().getShortUserName();
        TarnSettings settings = TarnSettings.of(name, configuration, user);
        URI uri = URI.create(SCHEME + "://" + (name.getAuthority() == null ? "" : name.getAuthority()));
        TarnClient client = TarnClient.connect(settings.client());
        mounted = new Mounted(
                uri,
                settings,
                client,
                new Renames(client),
                new Writes(client, statistics),
                new ExtendedAttributes(client),
                new Listings(client, this::qualified),
                new DirectoryQuotas(client),
                new SymbolicLinks(client),
                settings.client().user());
        workingDirectory = getHomeDirectory();
    }

    private Mounted mounted() {
        Mounted present = mounted;
        if (present == null) {
            throw new IllegalStateException("the file system is not initialized, or closed");
        }
        return present;
    }

    private TarnClient client() {
        return mounted().client;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return mounted().uri;
    }

    @Override
    protected int getDefaultPort() {
        return ClientOptions.DEFAULT_MASTER_PORT;
    }

    @Override
    public Path getHomeDirectory() {
        return qualified("/user/" + mounted().homeUser);
    }

    @Override
    public Path getWorkingDirectory() {
        Path directory = workingDirectory;
        return directory == null ? getHomeDirectory() : directory;
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        workingDirectory = makeQualified(directory);
    }

    @Override
    public long getDefaultBlockSize() {
        return DEFAULT_BLOCK_BYTES;
    }

    @Override
    public long getDefaultBlockSize(Path path) {
        return DEFAULT_BLOCK_BYTES;
    }

    private static <T extends @Nullable Object> T look(String name, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    private Path qualified(String name) {
        URI uri = mounted().uri;
        return new Path(uri.getScheme(), uri.getAuthority(), name);
    }

    /** The path of the namespace that a Hadoop path means. */
    private String name(Path path) {
        checkPath(path);
        Path absolute = path.isAbsolute() ? path : new Path(getWorkingDirectory(), path);
        String name = absolute.toUri().getPath();
        return name.isEmpty() ? "/" : name;
    }

    /** A call of the client with Hadoop's exceptions. */
    private interface Call<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private static <T extends @Nullable Object> T call(String name, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (TarnException e) {
            throw HadoopErrors.of(name, e);
        }
    }

    private FileStatus status(FileInfo info) {
        return new TarnFileStatus(info, qualified(info.path()));
    }

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
                    client().open(name, new OpenOptions(mounted().settings.readType(), pattern));
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
        return mounted().writes.create(name(path), options);
    }

    WriteType defaultWriteType() {
        return mounted().settings.writeType();
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
        return mounted().writes.append(name(path));
    }

    /** Done when it returns. */
    @Override
    public boolean truncate(Path path, long newLength) throws IOException {
        countWrite();
        mounted().writes.truncate(name(path), newLength);
        return true;
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        countWrite();
        String from = name(source);
        return call(from, () -> mounted().renames.rename(from, name(target)));
    }

    @Override
    @SuppressWarnings("deprecation") // Overridden, not called: FileContext and committers use it.
    public void rename(Path source, Path target, Options.Rename... options) throws IOException {
        countWrite();
        String from = name(source);
        boolean overwrite = List.of(options).contains(Options.Rename.OVERWRITE);
        call(from, () -> {
            mounted().renames.renameTo(from, name(target), overwrite);
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
        return RemoteIterators.typeCastingRemoteIterator(mounted().listings.list(name(path)));
    }

    @Override
    protected RemoteIterator<LocatedFileStatus> listLocatedStatus(Path path, PathFilter filter) throws IOException {
        countRead();
        return mounted().listings.listLocated(name(path), filter);
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) throws IOException {
        if (start < 0 || length < 0) {
            throw new IllegalArgumentException("a range at " + start + " of " + length + " bytes");
        }
        return file.isDirectory() || start >= file.getLen() || length == 0
                ? new BlockLocation[0]
                : mounted().listings.locations(name(file.getPath()), start, length);
    }

    @Override
    public ContentSummary getContentSummary(Path path) throws IOException {
        countRead();
        String name = name(path);
        return mounted().listings.summary(name, mounted().quotas.of(name));
    }

    /** Of a directory with a quota what counts, which is what Tarn itself owns; of any other its content summary. */
    @Override
    public QuotaUsage getQuotaUsage(Path path) throws IOException {
        QuotaUsage usage = mounted().quotas.usage(name(path));
        return usage == null ? getContentSummary(path) : usage;
    }

    /** As {@code HdfsConstants} say: -1 removes a limit, {@code Long.MAX_VALUE} leaves it. */
    @Override
    public void setQuota(Path path, long maxInodes, long maxBytes) throws IOException {
        countWrite();
        mounted().quotas.set(name(path), maxInodes, maxBytes);
    }

    @Override
    public boolean supportsSymlinks() {
        return true;
    }

    @Override
    public void createSymlink(Path target, Path link, boolean createParent) throws IOException {
        countWrite();
        checkPath(target);
        mounted().links.create(name(link), target.toUri().getPath(), createParent);
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
        countRead();
        return SymbolicLinks.qualified(status(mounted().links.status(name(path))), getUri());
    }

    @Override
    public Path getLinkTarget(Path path) throws IOException {
        return mounted().links.target(name(path));
    }

    /** The cache's capacity and use, over all tiers of all workers that are alive. */
    @Override
    public FsStatus getStatus(@Nullable Path path) throws IOException {
        return Capacity.of(call("/", () -> client().clusterInfo()));
    }

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        change(path, AttributeChange.NONE.withMode(permission.toShort()));
    }

    @Override
    public void setOwner(Path path, @Nullable String owner, @Nullable String group) throws IOException {
        change(path, AttributeChange.NONE.withOwner(owner, group));
    }

    /** A time of -1 stays as it is. */
    @Override
    public void setTimes(Path path, long modifiedMillis, long accessedMillis) throws IOException {
        change(
                path,
                AttributeChange.NONE.withTimes(
                        modifiedMillis < 0 ? null : modifiedMillis, accessedMillis < 0 ? null : accessedMillis));
    }

    private void change(Path path, AttributeChange change) throws IOException {
        countWrite();
        String name = name(path);
        call(name, () -> client().setAttributes(name, change));
    }

    @Override
    public void setXAttr(Path path, String name, byte[] value, EnumSet<XAttrSetFlag> flags) throws IOException {
        mounted().attributes.set(name(path), name, value, flags);
    }

    @Override
    public byte[] getXAttr(Path path, String name) throws IOException {
        return mounted().attributes.get(name(path), name);
    }

    @Override
    public Map<String, byte[]> getXAttrs(Path path) throws IOException {
        return mounted().attributes.all(name(path));
    }

    @Override
    public Map<String, byte[]> getXAttrs(Path path, List<String> names) throws IOException {
        return mounted().attributes.some(name(path), names);
    }

    @Override
    public List<String> listXAttrs(Path path) throws IOException {
        return mounted().attributes.names(name(path));
    }

    @Override
    public void removeXAttr(Path path, String name) throws IOException {
        mounted().attributes.remove(name(path), name);
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return Capabilities.has(capability) || super.hasPathCapability(path, capability);
    }

    private void countRead() {
        if (statistics != null) {
            statistics.incrementReadOps(1);
        }
    }

    private void countWrite() {
        if (statistics != null) {
            statistics.incrementWriteOps(1);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            Mounted present = mounted;
            if (present != null) {
                present.client.close();
            }
        }
    }
}
