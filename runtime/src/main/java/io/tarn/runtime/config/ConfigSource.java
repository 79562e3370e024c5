package io.tarn.runtime.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place that settings come from, by key.
 *
 * @param name as messages name it, for instance "/etc/tarn/worker.properties"
 */
record ConfigSource(String name, Map<String, String> values, Naming naming) {
    /** How a source writes keys. */
    enum Naming {
        /** As the reference does: "worker.data-port". */
        KEY,
        /** As environment variables: TARN_WORKER_DATA_PORT. */
        VARIABLE
    }

    @Nullable
    String value(String key) {
        return values.get(written(key));
    }

    /** The key as this source writes it. */
    String written(String key) {
        return naming == Naming.KEY ? key : EnvironmentSource.variableOf(key);
    }
}
