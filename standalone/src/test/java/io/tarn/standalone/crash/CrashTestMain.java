package io.tarn.standalone.crash;

import io.tarn.master.checkpoint.FileTree;
import io.tarn.standalone.ProgramOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** Entry point of bin/crash-test, which has its help. */
public final class CrashTestMain {
    private CrashTestMain() {}

    public static void main(String[] arguments) throws Exception {
        ProgramOptions options = ProgramOptions.of(arguments);
        Path directory = options.newDirectory("tarn-crash-");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-crash-");
        CrashSettings settings = new CrashSettings(
                directory,
                memory,
                options.seed(),
                options.number("--kills", 1000),
                options.number("--clients", 6),
                options.number("--load-millis", 2000),
                options.number("--store-check", 10));
        System.out.println("seed " + settings.seed() + ", in " + directory + " and " + memory);
        try {
            new CrashRun(settings, System.out::println).run();
        } catch (AssertionError e) {
            e.printStackTrace();
            System.err.println("crash-test: failed; what it left is in " + directory + " and " + memory);
            System.exit(1);
        }
        System.out.println("passed: " + settings.kills() + " kills, seed " + settings.seed());
        FileTree.delete(directory);
        FileTree.delete(memory);
        System.exit(0);
    }
}
