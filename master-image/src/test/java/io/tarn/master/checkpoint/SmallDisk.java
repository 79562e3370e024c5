package io.tarn.master.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A file system of a fixed size. Where none can be mounted the test is skipped, and says so. */
final class SmallDisk implements AutoCloseable {
    private final Path mountPoint;

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    static SmallDisk mount(Path mountPoint, int mebibytes) throws Exception {
        String refusal =
                run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tarn-test", mountPoint.toString());
        if (!refusal.isEmpty()) {
            String skipped = "SKIPPED: full disks were not tested, since this process cannot mount a tmpfs (" + refusal
                    + "); run it as root";
            System.err.println(skipped);
            Assumptions.abort(skipped);
        }
        return new SmallDisk(mountPoint);
    }

    @Override
    public void close() throws Exception {
        assertEquals("", run("umount", mountPoint.toString()));
    }

    /** What a command said when it failed; empty where it did not. */
    private static String run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        return process.waitFor() == 0 ? "" : said + " (status " + process.exitValue() + ")";
    }
}
