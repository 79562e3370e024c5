package io.tarn.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** What a test that is also a program of its own is told, as {@code --name value} pairs that its script has checked. Immutable. */
public record ProgramOptions(Map<String, String> values) {
    private static final int SEEDS = 1_000_000;

    public static ProgramOptions of(String[] arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            values.put(arguments[i], arguments[i + 1]);
        }
        return new ProgramOptions(Map.copyOf(values));
    }

    public int number(String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }

    /** The option --seed, else a random one. */
    public long seed() {
        return Long.parseLong(values.getOrDefault("--seed", Integer.toString(new Random().nextInt(SEEDS))));
    }

    /** A new directory in that of the option --directory. */
    public Path newDirectory(String prefix) throws IOException {
        Path parent = Path.of(values.getOrDefault("--directory", System.getProperty("java.io.tmpdir", "/tmp")));
        return Files.createTempDirectory(parent, prefix);
    }
}
