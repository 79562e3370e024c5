package io.tarn.master.namespace;

import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.MemoryUnderStore;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UnderStores;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Stores in memory that outlive masters: "memory:" ones rename and keep modes as a file system does, "object:" ones are {@link FlatStore}s. All can be made
 * to fail.
 */
public final class MemoryStores implements UnderStoreFactory {
    private final Map<String, FaultyUnderStore> byUri = new ConcurrentHashMap<>();
    private final LongSupplier clockMillis;

    public MemoryStores(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
    }

    public UnderStores asStores() {
        return new UnderStores(List.of(this));
    }

    public FaultyUnderStore store(String uri) {
        return byUri.computeIfAbsent(uri, u -> {
            UnderStore memory = new MemoryUnderStore(u, clockMillis);
            return new FaultyUnderStore(u.startsWith("object:") ? new FlatStore(memory) : memory);
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
}
