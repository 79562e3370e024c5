package io.tarn.testing.understore;

import io.tarn.understore.UnderStore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The contract of {@link UnderStore} as tests. An adapter's test class extends this and opens stores on fresh, empty places of a real server; what a
 * store cannot do by its {@link io.tarn.understore.Capabilities} is expected to be so.
 */
public abstract class UnderStoreContract
        implements ReadContract, WriteContract, ConditionContract, ListContract, NameContract, DirectoryContract {
    private static final AtomicInteger PLACES = new AtomicInteger();

    private UnderStore store;
    private UnderStore other;

    /** Opens a store on a place of its own, which exists and is empty the first time; the same {@code place} is the same place again. */
    protected abstract UnderStore open(String place) throws Exception;

    @BeforeEach
    final void openStores() throws Exception {
        String place = "contract-" + PLACES.incrementAndGet() + "-"
                + ProcessHandle.current().pid();
        store = open(place);
        other = open(place);
    }

    @AfterEach
    final void closeStores() {
        store.close();
        other.close();
    }

    @Override
    public final StoreProbe probe() {
        return new StoreProbe(store);
    }

    @Override
    public final StoreProbe behindTheBack() {
        return new StoreProbe(other);
    }
}
