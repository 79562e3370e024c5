package io.tarn.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One setting: a component of a configuration record. Types: boolean, int, long, String, Path, enum, Duration ("30s", "5m"), DataSize ("64MiB"), and
 * List of these (comma-separated). The environment variable of key {@code worker.data-port} is {@code TARN_WORKER_DATA_PORT}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The key, for instance "worker.data-port". */
    String key();

    /** One sentence for the reference: what it does, and what a larger value costs. */
    String doc();

    /** The default as it would be written in the file; "" with {@link #required} means that there is none. */
    String defaultValue() default "";

    boolean required() default false;

    /** Smallest allowed value as written in the file; "" = unbounded. */
    String min() default "";

    /** Largest allowed value; "" = unbounded. */
    String max() default "";
}
