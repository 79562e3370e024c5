package io.tarn.standalone.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Entry point of bin/history-test, which has its help. */
public final class HistoryMain {
    private HistoryMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        Path parent = Path.of(options.getOrDefault("--directory", System.getProperty("java.io.tmpdir", "/tmp")));
        Path directory = Files.createTempDirectory(parent, "tarn-history-");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-history-");
        long seed = Long.parseLong(options.getOrDefault("--seed", Long.toString(new Random().nextInt(1_000_000))));
        Duration length = Duration.ofMinutes(Long.parseLong(options.getOrDefault("--minutes", "30")));
        System.out.println("seed " + seed + ", in " + directory);
        try {
            new HistoryRun(directory, memory, seed, length, System.out::println).run();
        } catch (AssertionError | Exception e) {
            e.printStackTrace();
            System.err.println("history-test: failed; logs are in " + directory);
            System.exit(1);
        } finally {
            remove(memory);
        }
        System.out.println("passed: " + length.toMinutes() + " minutes of faults, seed " + seed);
        remove(directory);
        System.exit(0);
    }

    static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
