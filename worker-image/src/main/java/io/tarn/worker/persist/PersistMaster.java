package io.tarn.worker.persist;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;

/** Whichever master answers. For one thread, except {@link #close}, which ends a call that is under way. */
public interface PersistMaster extends AutoCloseable {
    /** Blocks for at most a second and the call's timeout. */
    ExchangePersistsResponse exchangePersists(ExchangePersistsRequest request) throws TarnException;

    /** Asks another master from now on. */
    void next();

    @Override
    void close();
}
