package io.tarn.hadoop;

import io.tarn.client.ClientOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/** Which cluster a file system is of, the connection to it, how its paths and failures are named, and what is counted. Thread-safe. */
abstract class ConnectedFileSystem extends FileSystem {
    static final String SCHEME = "tarn";

    private static final long DEFAULT_BLOCK_BYTES = 64L << 20;

    private @Nullable Mounted mounted;

    /** What {@link #initialize} makes. */
    record Mounted(
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

    Mounted mounted() {
        Mounted present = mounted;
        if (present == null) {
            throw new IllegalStateException("the file system is not initialized, or closed");
        }
        return present;
    }

    TarnClient client() {
        return mounted().client();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return mounted().uri();
    }

    @Override
    protected int getDefaultPort() {
        return ClientOptions.DEFAULT_MASTER_PORT;
    }

    @Override
    public Path getHomeDirectory() {
        return qualified("/user/" + mounted().homeUser());
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

    Path qualified(String name) {
        URI uri = mounted().uri();
        return new Path(uri.getScheme(), uri.getAuthority(), name);
    }

    /** The path of the namespace that a Hadoop path means. */
    String name(Path path) {
        checkPath(path);
        Path absolute = path.isAbsolute() ? path : new Path(getWorkingDirectory(), path);
        String name = absolute.toUri().getPath();
        return name.isEmpty() ? "/" : name;
    }

    FileStatus status(FileInfo info) {
        return new TarnFileStatus(info, qualified(info.path()));
    }

    /** A call of the client. */
    interface Call<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** Runs a call with Hadoop's exceptions. */
    static <T extends @Nullable Object> T call(String name, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (TarnException e) {
            throw HadoopErrors.of(name, e);
        }
    }

    /** The same for one that looks something up. */
    static <T extends @Nullable Object> T look(String name, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (TarnException e) {
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    void countRead() {
        if (statistics != null) {
            statistics.incrementReadOps(1);
        }
    }

    void countWrite() {
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
