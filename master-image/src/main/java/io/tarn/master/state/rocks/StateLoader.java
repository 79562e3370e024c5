package io.tarn.master.state.rocks;

import io.tarn.master.state.Changes;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Fills a new state from somewhere else than a journal. It is no state before {@link #finish}: begin anew after a failure. For one thread. */
public final class StateLoader implements AutoCloseable {
    private final RocksFailures failures;
    private final RocksDatabase database;

    /** @param directory does not exist yet */
    public StateLoader(Path directory, StateConfig config) throws TarnException {
        this.failures = new RocksFailures(directory);
        this.database = RocksDatabase.open(directory, config, failures);
    }

    public void add(Changes changes) throws TarnException {
        try {
            database.write(changes, RocksStateStore.NO_SEQUENCE);
        } catch (RocksDBException e) {
            throw failures.of("load the state", e);
        }
    }

    /** What was added under a key; null where nothing was. */
    public byte @Nullable [] get(Table table, byte[] key) throws TarnException {
        try {
            return database.get(table, key);
        } catch (RocksDBException e) {
            throw failures.of("load the state", e);
        }
    }

    /** Makes it the durable state after batch {@code sequence}. */
    public void finish(long sequence) throws TarnException {
        try {
            database.write(new Changes(), sequence);
            database.flush();
        } catch (RocksDBException e) {
            throw failures.of("load the state", e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
