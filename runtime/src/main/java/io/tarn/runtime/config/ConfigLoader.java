package io.tarn.runtime.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads the configuration of a process: one record whose components are {@link Setting}s or records of settings. What is given on the command line wins
 * over the environment, the environment over the file, the file over the defaults.
 *
 * <pre>{@code
 * WorkerConfig config = ConfigLoader.fromProcess(file).load(WorkerConfig.class);
 * }</pre>
 *
 * <p>Every problem is found in one go and reported in one {@link ConfigException}; a key that no setting has is a problem. Variables that a kubelet adds for
 * Services (TARN_WORKER_SERVICE_HOST ...) are no settings. Immutable.
 */
public final class ConfigLoader {
    private final @Nullable Path file;
    private final Map<String, String> environment;
    private final Map<String, String> overrides;
    private final Map<String, String> defaults;

    private ConfigLoader(
            @Nullable Path file,
            Map<String, String> environment,
            Map<String, String> overrides,
            Map<String, String> defaults) {
        this.file = file;
        this.environment = Map.copyOf(environment);
        this.overrides = Map.copyOf(overrides);
        this.defaults = Map.copyOf(defaults);
    }

    /** Defaults only: tests begin with this. */
    public static ConfigLoader ofDefaults() {
        return new ConfigLoader(null, Map.of(), Map.of(), Map.of());
    }

    /** The environment of this process and, where it is not null, a file. */
    public static ConfigLoader fromProcess(@Nullable Path file) {
        return new ConfigLoader(file, System.getenv(), Map.of(), Map.of());
    }

    public ConfigLoader withFile(@Nullable Path newFile) {
        return new ConfigLoader(newFile, environment, overrides, defaults);
    }

    public ConfigLoader withEnvironment(Map<String, String> newEnvironment) {
        return new ConfigLoader(file, newEnvironment, overrides, defaults);
    }

    /** @param newOverrides by key, as the file would write it; these win over everything */
    public ConfigLoader withOverrides(Map<String, String> newOverrides) {
        return new ConfigLoader(file, environment, newOverrides, defaults);
    }

    /** @param newDefaults by key: what this process takes instead of the settings' own defaults */
    public ConfigLoader withDefaults(Map<String, String> newDefaults) {
        return new ConfigLoader(file, environment, overrides, newDefaults);
    }

    /** @throws ConfigException with a line for each problem */
    public <R extends Record> R load(Class<R> type) {
        List<String> problems = new ArrayList<>();
        List<ConfigSource> sources = new ArrayList<>();
        sources.add(new ConfigSource("command line", overrides, ConfigSource.Naming.KEY));
        sources.add(EnvironmentSource.of(environment));
        if (file != null) {
            sources.add(FileSource.read(file, problems));
        }
        sources.add(new ConfigSource("default", defaults, ConfigSource.Naming.KEY));
        RecordBinder binder = new RecordBinder(sources, problems);
        R bound = binder.bind(type);
        sources.forEach(source -> findUnknown(source, binder.knownKeys(), problems));
        if (bound == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return bound;
    }

    private static void findUnknown(ConfigSource source, Set<String> knownKeys, List<String> problems) {
        List<String> known = knownKeys.stream().map(source::written).toList();
        for (Map.Entry<String, String> entry : source.values().entrySet()) {
            if (!known.contains(entry.getKey())) {
                String hint = NearestName.find(entry.getKey(), known)
                        .map(name -> "did you mean " + name + "?")
                        .orElse("see docs/configuration.md for the known keys");
                problems.add(
                        source.name() + ": unknown setting " + entry.getKey() + " = " + entry.getValue() + "; " + hint);
            }
        }
    }
}
