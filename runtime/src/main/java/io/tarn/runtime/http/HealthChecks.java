package io.tarn.runtime.http;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * What a process says when asked whether it is alive and whether it is ready for work. Checks run on the thread that asks, so they must only look, not
 * wait. Thread-safe.
 */
public final class HealthChecks {
    private final Map<String, Supplier<Optional<String>>> alive = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentSkipListMap<>();

    /**
     * @param check what is wrong so that only a restart helps; empty = alive
     */
    public void addAlive(String part, Supplier<Optional<String>> check) {
        alive.put(part, check);
    }

    /**
     * @param check why no work can be taken now; empty = ready
     */
    public void addReady(String part, Supplier<Optional<String>> check) {
        ready.put(part, check);
    }

    /** What is wrong, by part; empty = all well. */
    Map<String, String> aliveProblems() {
        return problems(alive);
    }

    Map<String, String> readyProblems() {
        return problems(ready);
    }

    private static Map<String, String> problems(Map<String, Supplier<Optional<String>>> checks) {
        Map<String, String> problems = new TreeMap<>();
        checks.forEach((part, check) -> {
            try {
                check.get().ifPresent(problem -> problems.put(part, problem));
            } catch (RuntimeException e) {
                problems.put(part, "its check failed: " + e);
            }
        });
        return problems;
    }
}
