package io.tarn.master.namespace;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.MemoryUnderStore;
import io.tarn.understore.Capabilities;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UnderStores;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Stores in memory that outlive masters: "memory:" ones rename and keep modes as a file system does, "object:" ones do neither. All can be made to fail.
 */
final class MemoryStores implements UnderStoreFactory {
    private final Map<String, FaultyUnderStore> byUri = new ConcurrentHashMap<>();
    private final LongSupplier clockMillis;

    MemoryStores(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
    }

    UnderStores asStores() {
        return new UnderStores(List.of(this));
    }

    FaultyUnderStore store(String uri) {
        return byUri.computeIfAbsent(uri, u -> {
            UnderStore memory = new MemoryUnderStore(u, clockMillis);
            return new FaultyUnderStore(u.startsWith("object:") ? new ObjectLike(memory) : memory);
        });
    }

    @Override
    public Set<String> schemes() {
        return Set.of("memory", "object");
    }

    @Override
    public UnderStore open(String storeUri, MountOptions options) {
        return store(storeUri);
    }

    /** A store without rename, owners and modes. */
    private record ObjectLike(UnderStore store) implements UnderStore {
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
        public Optional<StoreStatus> status(String path) throws TarnException {
            return store.status(path).map(ObjectLike::plain);
        }

        @Override
        public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
            return plain(store.list(path, startAfter));
        }

        @Override
        public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
            return plain(store.listRecursive(path));
        }

        @Override
        public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
                throws TarnException {
            store.read(path, versionTag, offset, lengthBytes, sink);
        }

        @Override
        public StoreWriter create(String path, CreateOptions options) throws TarnException {
            return store.create(path, options);
        }

        @Override
        public void createDirectory(String path) throws TarnException {
            store.createDirectory(path);
        }

        @Override
        public boolean deleteFile(String path, String versionTag) throws TarnException {
            return store.deleteFile(path, versionTag);
        }

        @Override
        public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
            return store.deleteDirectory(path, recursive);
        }

        @Override
        public void rename(String source, String target) {
            throw new AssertionError("an object store cannot rename");
        }

        @Override
        public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
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
                    : StoreStatus.file(
                            status.path(), status.lengthBytes(), status.modifiedMillis(), status.versionTag());
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
    }
}
