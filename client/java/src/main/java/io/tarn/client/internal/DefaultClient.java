package io.tarn.client.internal;

import io.tarn.client.AttributeChange;
import io.tarn.client.BackupResult;
import io.tarn.client.ClientFigures;
import io.tarn.client.ClusterInfo;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.HealthFinding;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.MasterState;
import io.tarn.client.MountInfo;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.PersistProgress;
import io.tarn.client.PinOutcome;
import io.tarn.client.QuotaInfo;
import io.tarn.client.SyncResult;
import io.tarn.client.TarnClient;
import io.tarn.client.internal.call.Counters;
import io.tarn.client.internal.call.Waiting;
import io.tarn.client.internal.master.Namespace;
import io.tarn.client.internal.read.CachedPages;
import io.tarn.client.internal.read.ReadServices;
import io.tarn.client.internal.read.TarnFileReader;
import io.tarn.client.internal.write.Writers;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client as a facade over its parts. */
final class DefaultClient implements TarnClient {
    private final Namespace namespace;
    private final ReadServices reads;
    private final Writers writers;
    private final Counters counters;
    private final Runnable closing;
    private final AtomicBoolean closed = new AtomicBoolean();

    DefaultClient(Namespace namespace, ReadServices reads, Writers writers, Counters counters, Runnable closing) {
        this.namespace = namespace;
        this.reads = reads;
        this.writers = writers;
        this.counters = counters;
        this.closing = closing;
    }

    @Override
    public FileInfo status(String path) throws TarnException {
        return namespace.status(path);
    }

    @Override
    public FileInfo linkStatus(String path) throws TarnException {
        return namespace.linkStatus(path);
    }

    @Override
    public FileInfo createLink(String path, String target, boolean createParents) throws TarnException {
        return namespace.createLink(path, target, createParents);
    }

    @Override
    public @Nullable FileInfo statusOrNull(String path) throws TarnException {
        return namespace.statusOrNull(path);
    }

    @Override
    public Listing list(String path, ListOptions options) throws TarnException {
        return namespace.list(path, options);
    }

    @Override
    public FileReader open(String path, OpenOptions options) throws TarnException {
        return new TarnFileReader(reads, Waiting.on(namespace.openKnown(path)), options);
    }

    @Override
    public FileWriter create(String path, CreateOptions options) throws TarnException {
        return writers.create(path, options);
    }

    @Override
    public FileWriter append(String path) throws TarnException {
        return writers.append(path);
    }

    @Override
    public FileInfo truncate(String path, long lengthBytes) throws TarnException {
        return writers.truncate(path, lengthBytes);
    }

    @Override
    public PersistProgress persist(String path, boolean recursive) throws TarnException {
        return namespace.persist(path, recursive);
    }

    @Override
    public void persistAndWait(String path, boolean recursive, Duration timeout, Consumer<PersistProgress> watcher)
            throws TarnException {
        new PersistWait(namespace, path, recursive).await(timeout, watcher);
    }

    @Override
    public FileInfo makeDirectory(String path, boolean createParents, boolean allowExisting, int mode)
            throws TarnException {
        return namespace.makeDirectory(path, createParents, allowExisting, mode);
    }

    @Override
    public void delete(String path, boolean recursive) throws TarnException {
        namespace.delete(path, recursive);
    }

    @Override
    public void rename(String source, String target, boolean overwrite) throws TarnException {
        namespace.rename(source, target, overwrite);
    }

    @Override
    public FileInfo setAttributes(String path, AttributeChange change) throws TarnException {
        return namespace.setAttributes(path, change);
    }

    @Override
    public QuotaInfo setQuota(String path, @Nullable Long maxInodes, @Nullable Long maxBytes) throws TarnException {
        return namespace.setQuota(path, maxInodes, maxBytes);
    }

    @Override
    public List<QuotaInfo> quotas(String path) throws TarnException {
        return namespace.quotas(path);
    }

    @Override
    public List<QuotaInfo> quotas() throws TarnException {
        return namespace.quotas(null);
    }

    @Override
    public SyncResult sync(String path, boolean recursive) throws TarnException {
        return namespace.sync(path, recursive);
    }

    @Override
    public MountInfo mount(String path, String storeUri, MountSettings settings) throws TarnException {
        return namespace.mount(path, storeUri, settings);
    }

    @Override
    public void unmount(String path) throws TarnException {
        namespace.unmount(path);
    }

    @Override
    public List<MountInfo> mounts() throws TarnException {
        return namespace.mounts();
    }

    @Override
    public ClusterInfo clusterInfo() throws TarnException {
        return namespace.clusterInfo();
    }

    @Override
    public List<MasterState> masters() throws TarnException {
        return namespace.masters();
    }

    @Override
    public List<HealthFinding> checkUp() throws TarnException {
        return namespace.checkUp();
    }

    @Override
    public String transferLeadership(String address) throws TarnException {
        return namespace.transferLeadership(address);
    }

    @Override
    public String decommission(String worker, boolean cancel) throws TarnException {
        return namespace.decommission(worker, cancel);
    }

    @Override
    public FileInfo setPinned(String path, boolean pinned) throws TarnException {
        return new PinAttribute(namespace).set(path, pinned);
    }

    @Override
    public PinOutcome applyPin(String path) throws TarnException {
        return Waiting.on(new CachedPages(reads).applyPin(path));
    }

    @Override
    public long free(String path) throws TarnException {
        return Waiting.on(new CachedPages(reads).free(path));
    }

    @Override
    public BackupResult backup(WritableByteChannel target) throws IOException {
        return namespace.backup(target);
    }

    @Override
    public ClientFigures figures() {
        return counters.figures();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closing.run();
        }
    }
}
