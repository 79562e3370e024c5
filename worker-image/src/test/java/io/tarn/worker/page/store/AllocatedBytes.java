package io.tarn.worker.page.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the file system has really allocated to the data files of a directory, as du tells. */
final class AllocatedBytes {
    private AllocatedBytes() {}

    static long under(Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "find \"$0\" -name '*.data' -o -name '*.index' | xargs -r stat -c %b",
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String blocks = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return blocks.lines().mapToLong(Long::parseLong).sum() * 512;
    }
}
