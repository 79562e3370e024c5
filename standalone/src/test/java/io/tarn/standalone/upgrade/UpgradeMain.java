package io.tarn.standalone.upgrade;

import io.tarn.master.checkpoint.FileTree;
import io.tarn.standalone.ProgramOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Entry point of bin/upgrade-test, which has its help. Its option --old is the class path of the older build. */
public final class UpgradeMain {
    private UpgradeMain() {}

    public static void main(String[] arguments) throws Exception {
        ProgramOptions options = ProgramOptions.of(arguments);
        String old = Objects.requireNonNull(options.values().get("--old"), "--old");
        Path directory = options.newDirectory("tarn-upgrade-");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-upgrade-");
        System.out.println("in " + directory);
        try {
            new UpgradeRun(directory, memory, old, System.out::println).run();
        } catch (AssertionError | Exception e) {
            e.printStackTrace();
            System.err.println("upgrade-test: failed; logs are in " + directory);
            System.exit(1);
        } finally {
            FileTree.delete(memory);
        }
        System.out.println("passed");
        FileTree.delete(directory);
        System.exit(0);
    }
}
