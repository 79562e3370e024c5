package io.tarn.testing.understore;

import io.tarn.understore.UnderStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract on the store in memory. */
final class MemoryContractTest extends UnderStoreContract {
    private final Map<String, UnderStore> places = new ConcurrentHashMap<>();

    @Override
    protected UnderStore open(String place) {
        return places.computeIfAbsent(
                place, name -> new MemoryUnderStore("memory://" + name, System::currentTimeMillis));
    }
}
