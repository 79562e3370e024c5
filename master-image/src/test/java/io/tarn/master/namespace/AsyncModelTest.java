package io.tarn.master.namespace;

import io.tarn.protocol.error.TarnException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on mounts where files and directories are owned first and persisted by and by, with a worker that restarts, a store that fails, and
 * masters that die between any two records, against a model. Nothing that was acknowledged is lost, nothing that was deleted comes back, and once all is
 * quiet the stores hold exactly what the namespace shows. A failure names its seed.
 */
class AsyncModelTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void nothingIsLostAndNothingComesBack(long seed) throws TarnException {
        new AsyncModelRun(seed).run();
    }
}
