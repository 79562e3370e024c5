package io.tarn.master.namespace;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.Capabilities;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store as buckets are, over one with directories: without rename, owners and modes, and with directories that are there only while a marker or a file is at
 * or below them. Safe for many threads.
 */
final class FlatStore implements UnderStore {
    private final UnderStore store;
    private final Set<String> markers = new HashSet<>();

    FlatStore(UnderStore store) {
        this.store = store;
    }

    /** A directory vanishes with the last of what was below it. */
    private void prune(String directory) throws TarnException {
        String top = directory;
        while (!top.isEmpty()
                && !markers.contains(top)
                && store.status(top).isPresent()
                && !store.list(top, "").hasNext()) {
            store.deleteDirectory(top, false);
            top = StorePaths.parent(top);
        }
    }

    @Override
    public String uri() {
        return store.uri();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, false, false, true, true);
    }

    @Override
    public void checkAccess() throws TarnException {
        store.checkAccess();
    }

    @Override
    public synchronized Optional<StoreStatus> status(String path) throws TarnException {
        return store.status(path).map(FlatStore::plain);
    }

    @Override
    public synchronized Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        return store.status(path).isEmpty() ? Collections.emptyIterator() : plain(store.list(path, startAfter));
    }

    @Override
    public synchronized Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        return store.status(path).isEmpty() ? Collections.emptyIterator() : plain(store.listRecursive(path));
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        store.read(path, versionTag, offset, lengthBytes, sink);
    }

    @Override
    public synchronized StoreWriter create(String path, CreateOptions options) throws TarnException {
        StoreWriter writer = store.create(
                path, new CreateOptions(options.onlyIfAbsent(), options.onlyIfVersion(), options.attributes()));
        prune(StorePaths.parent(path));
        return new FlatWriter(writer, path);
    }

    @Override
    public synchronized void createDirectory(String path) throws TarnException {
        if (store.status(path).isEmpty()) {
            markers.add(path);
        }
        store.createDirectory(path);
    }

    @Override
    public synchronized boolean deleteFile(String path, String versionTag) throws TarnException {
        boolean deleted = store.deleteFile(path, versionTag);
        prune(StorePaths.parent(path));
        return deleted;
    }

    @Override
    public synchronized boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        boolean deleted = store.deleteDirectory(path, recursive);
        markers.removeIf(marker -> marker.equals(path) || marker.startsWith(path + "/"));
        prune(StorePaths.parent(path));
        return deleted;
    }

    @Override
    public void rename(String source, String target) {
        throw new AssertionError("an object store cannot rename");
    }

    @Override
    public synchronized StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        return plain(store.copyFile(source, versionTag, target));
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) {}

    @Override
    public Map<String, StoreFigures> figures() {
        return store.figures();
    }

    @Override
    public long skippedNames() {
        return store.skippedNames();
    }

    @Override
    public void close() {}

    private static StoreStatus plain(StoreStatus status) {
        return status.directory()
                ? StoreStatus.directory(status.path(), status.modifiedMillis())
                : StoreStatus.file(status.path(), status.lengthBytes(), status.modifiedMillis(), status.versionTag());
    }

    private static Iterator<StoreStatus> plain(Iterator<StoreStatus> entries) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public StoreStatus next() {
                return plain(entries.next());
            }
        };
    }

    /** Leaves no directory behind where nothing was committed. */
    private final class FlatWriter implements StoreWriter {
        private final StoreWriter writer;
        private final String path;

        private FlatWriter(StoreWriter writer, String path) {
            this.writer = writer;
            this.path = path;
        }

        @Override
        public void write(ByteBuffer bytes) throws TarnException {
            writer.write(bytes);
        }

        @Override
        public long lengthBytes() {
            return writer.lengthBytes();
        }

        @Override
        public StoreStatus commit() throws TarnException {
            synchronized (FlatStore.this) {
                try {
                    return plain(writer.commit());
                } catch (TarnException e) {
                    prune(StorePaths.parent(path));
                    throw e;
                }
            }
        }

        @Override
        public void abort() {
            writer.abort();
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
