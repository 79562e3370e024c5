package io.tarn.worker.store;

import io.tarn.understore.UnderStore;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store that stays open until this is closed. Safe for many threads; closing twice is closing once. */
public final class StoreUse implements AutoCloseable {
    private final UnderStore store;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    StoreUse(UnderStore store, Runnable onClose) {
        this.store = store;
        this.onClose = onClose;
    }

    public UnderStore store() {
        return store;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
