package io.tarn.runtime.config;

import java.util.List;

/** A configuration that cannot be meant. Holds every problem found, each a line that names source, key, value and what is allowed. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        this.problems = List.copyOf(problems);
    }

    /** The problems, a line each. */
    @Override
    public String getMessage() {
        return String.join(System.lineSeparator(), problems);
    }

    public List<String> problems() {
        return problems;
    }
}
