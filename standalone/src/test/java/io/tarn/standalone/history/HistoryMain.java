package io.tarn.standalone.history;

import io.tarn.master.checkpoint.FileTree;
import io.tarn.standalone.ProgramOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Entry point of bin/history-test, which has its help. */
public final class HistoryMain {
    private HistoryMain() {}

    public static void main(String[] arguments) throws Exception {
        ProgramOptions options = ProgramOptions.of(arguments);
        Path directory = options.newDirectory("tarn-history-");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-history-");
        long seed = options.seed();
        Duration length = Duration.ofMinutes(options.number("--minutes", 30));
        System.out.println("seed " + seed + ", in " + directory);
        try {
            new HistoryRun(directory, memory, seed, length, System.out::println).run();
        } catch (AssertionError | Exception e) {
            e.printStackTrace();
            System.err.println("history-test: failed; logs are in " + directory);
            System.exit(1);
        } finally {
            FileTree.delete(memory);
        }
        System.out.println("passed: " + length.toMinutes() + " minutes of faults, seed " + seed);
        FileTree.delete(directory);
        System.exit(0);
    }
}
