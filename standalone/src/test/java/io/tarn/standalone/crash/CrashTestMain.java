package io.tarn.standalone.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Entry point of bin/crash-test, which has its help. */
public final class CrashTestMain {
    private CrashTestMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        Path parent = Path.of(options.getOrDefault("--directory", System.getProperty("java.io.tmpdir", "/tmp")));
        Path directory = Files.createTempDirectory(parent, "tarn-crash-");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-crash-");
        CrashSettings settings = new CrashSettings(
                directory,
                memory,
                Long.parseLong(options.getOrDefault("--seed", Long.toString(new Random().nextInt(1_000_000)))),
                Integer.parseInt(options.getOrDefault("--kills", "1000")),
                Integer.parseInt(options.getOrDefault("--clients", "6")),
                Integer.parseInt(options.getOrDefault("--load-millis", "2000")),
                Integer.parseInt(options.getOrDefault("--store-check", "10")));
        System.out.println("seed " + settings.seed() + ", in " + directory + " and " + memory);
        try {
            new CrashRun(settings, System.out::println).run();
        } catch (AssertionError e) {
            e.printStackTrace();
            System.err.println("crash-test: failed; what it left is in " + directory + " and " + memory);
            System.exit(1);
        }
        System.out.println("passed: " + settings.kills() + " kills, seed " + settings.seed());
        remove(directory);
        remove(memory);
        System.exit(0);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
