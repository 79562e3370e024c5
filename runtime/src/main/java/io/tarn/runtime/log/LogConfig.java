package io.tarn.runtime.log;

import io.tarn.runtime.config.Setting;
import java.util.List;

/** What a process logs, and how. */
public record LogConfig(
        @Setting(
                key = "log.format",
                doc = "How a line is written: key=value pairs for people, or a JSON object for machines.",
                defaultValue = "pairs")
        Format format,

        @Setting(key = "log.level", doc = "The least severe level that is logged.", defaultValue = "info")
        Level level,

        @Setting(
                key = "log.levels",
                doc = "Levels of single packages or classes, for instance io.tarn.worker=debug, which go before"
                        + " log.level.")
        List<String> levels) {
    /** Shapes of a line. */
    public enum Format {
        PAIRS,
        JSON
    }

    /** Severities. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    public LogConfig {
        levels.forEach(LogConfig::parseLevel);
    }

    /** A logger's name and the level for it. */
    record NamedLevel(String logger, Level level) {}

    static NamedLevel parseLevel(String text) {
        int equals = text.indexOf('=');
        for (Level level : Level.values()) {
            if (equals > 0 && level.name().equalsIgnoreCase(text.substring(equals + 1))) {
                return new NamedLevel(text.substring(0, equals), level);
            }
        }
        throw new IllegalArgumentException("log.levels: " + text
                + " is not of the form logger=level with a level of error, warn, info, debug or trace");
    }
}
