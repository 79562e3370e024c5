package io.tarn.client;

import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connection to one Tarn cluster: its namespace, its files, its mounts. Thread-safe; make one per process and user, and close it.
 *
 * <p>Calls block; {@link FileReader} has an asynchronous face. Transient failures are retried until the deadline of {@link ClientOptions}; a mutation that
 * is retried is applied once.
 */
public interface TarnClient extends AutoCloseable {
    /** Connects lazily: the first call finds out whether anybody answers. */
    static TarnClient connect(ClientOptions options) {
        return io.tarn.client.internal.Connector.connect(options);
    }

    FileInfo status(String path) throws TarnException;

    /** Of a symbolic link itself; of all else as {@link #status}, which follows links. */
    FileInfo linkStatus(String path) throws TarnException;

    /**
     * Makes a symbolic link.
     *
     * @param target a path of the namespace, absolute or from the link's directory; nothing need be there
     */
    FileInfo createLink(String path, String target, boolean createParents) throws TarnException;

    /** Like {@link #status}, but null where nothing is there. */
    @org.jspecify.annotations.Nullable
    FileInfo statusOrNull(String path) throws TarnException;

    /** The children of a directory (or the file itself), by name, streamed. Close the listing. */
    Listing list(String path, ListOptions options) throws TarnException;

    FileReader open(String path, OpenOptions options) throws TarnException;

    FileWriter create(String path, CreateOptions options) throws TarnException;

    /**
     * Writes a new version of a file that begins with all of its present bytes; it replaces the old one when it is closed. The write type is what the
     * directory or mount says.
     */
    FileWriter append(String path) throws TarnException;

    /**
     * Cuts a file to its first bytes, as a new version that replaces the old one.
     *
     * @throws TarnException INVALID_ARGUMENT where the file is shorter
     */
    FileInfo truncate(String path, long lengthBytes) throws TarnException;

    /** Asks that what is not in the under store yet, at or below a path, gets there now; returns at once. */
    PersistProgress persist(String path, boolean recursive) throws TarnException;

    /**
     * As {@link #persist}, and waits until nothing is left to do.
     *
     * @param watcher is told now and then how far it is
     * @throws TarnException TIMEOUT where something is not in the under store by then; the message says why
     */
    void persistAndWait(String path, boolean recursive, Duration timeout, Consumer<PersistProgress> watcher)
            throws TarnException;

    /** @param allowExisting false: ALREADY_EXISTS where it exists */
    FileInfo makeDirectory(String path, boolean createParents, boolean allowExisting, int mode) throws TarnException;

    void delete(String path, boolean recursive) throws TarnException;

    /** @param overwrite replace an existing target file */
    void rename(String source, String target, boolean overwrite) throws TarnException;

    FileInfo setAttributes(String path, AttributeChange change) throws TarnException;

    /**
     * Limits what may be below a directory. For the superuser.
     *
     * @param maxInodes files, directories and links; null: as it is; {@link QuotaInfo#NONE}: no limit
     * @param maxBytes null: as it is; {@link QuotaInfo#NONE}: no limit
     */
    QuotaInfo setQuota(
            String path,
            @org.jspecify.annotations.Nullable Long maxInodes,
            @org.jspecify.annotations.Nullable Long maxBytes)
            throws TarnException;

    /** First of the directory itself, with or without a quota, then of those above it that have one, nearest first. */
    List<QuotaInfo> quotas(String path) throws TarnException;

    /** All quotas that are set, at most 10,000. */
    List<QuotaInfo> quotas() throws TarnException;

    /** Looks at the under store now. */
    SyncResult sync(String path, boolean recursive) throws TarnException;

    MountInfo mount(String path, String storeUri, MountSettings settings) throws TarnException;

    void unmount(String path) throws TarnException;

    List<MountInfo> mounts() throws TarnException;

    ClusterInfo clusterInfo() throws TarnException;

    /** The masters that take part, in the order of their addresses. */
    List<MasterState> masters() throws TarnException;

    /**
     * How what the masters need of others is, etcd for instance; empty where there is no such thing.
     *
     * @throws TarnException UNSUPPORTED where the master is of a release that does not look
     */
    List<HealthFinding> checkUp() throws TarnException;

    /**
     * Lets another master lead; returns before it does. For the superuser.
     *
     * @param address as {@link #masters} names it; empty: the one that is furthest
     * @return which
     * @throws TarnException INVALID_ARGUMENT where it takes no part or is not well; OUTCOME_UNKNOWN where no answer came: {@link #masters} tells
     */
    String transferLeadership(String address) throws TarnException;

    /**
     * Lets a worker go: nothing new is put there, and what too few others hold is copied from it. {@link #clusterInfo} tells when it is drained.
     *
     * @param worker its id, or host:port
     * @param cancel it stays after all
     * @return host:port
     * @throws TarnException NOT_FOUND
     */
    String decommission(String worker, boolean cancel) throws TarnException;

    /**
     * Says that what is cached of a file, or of all files at or below a directory now and later, stays in the cache, or does so no more. A pin ends where another
     * store is mounted below. Workers hear of it when a file is opened next; {@link #applyPin} tells them at once.
     */
    FileInfo setPinned(String path, boolean pinned) throws TarnException;

    /** Tells every worker whether a file is pinned, for what it has cached of it already. */
    PinOutcome applyPin(String path) throws TarnException;

    /** Drops the cached pages of a file that the under store holds. @return bytes freed */
    long free(String path) throws TarnException;

    /**
     * Writes a backup of the namespace, which "tarn restore" reads, to {@code target}; whoever has it has the credentials of the mounts. For the superuser.
     *
     * @throws java.io.IOException where the target fails, and as a {@link TarnException} where the master does; what was written is then of no use
     */
    BackupResult backup(WritableByteChannel target) throws IOException;

    /** This client's counters: see {@link ClientFigures}. */
    ClientFigures figures();

    @Override
    void close();
}
