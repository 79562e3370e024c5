package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.runtime.config.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is what the code says. It is written anew by {@code bin/document-settings}. */
class ConfigurationReferenceTest {
    private static final String HEAD = """
            # Configuration

            This page is generated from the code by `bin/document-settings`; a test fails where it is out of date.

            A process reads one properties file (`tarn standalone --config FILE`, UTF-8, lines `key = value`). A variable of the environment goes before the
            file, a flag of the command line before both: `worker.data-port` is `TARN_WORKER_DATA_PORT`. A key that does not exist is an error that names the
            nearest one that does, and all errors are reported together. Variables that Kubernetes adds for Services whose names begin with "tarn"
            (`TARN_MASTER_PORT=tcp://10.0.0.1:9650`, `TARN_MASTER_SERVICE_HOST`) are known by their form and are no settings.

            Data sizes are written `512`, `64KiB`, `2GiB` (powers of 1,024) or `2GB` (powers of 1,000); durations `200ms`, `30s`, `5m`, `2h`, `7d`; lists with
            commas. `tarn standalone` sets defaults of its own where the table names a place or an address: everything lies below `--data`, the MEM tier below
            `/dev/shm`, and the ports listen on `--bind` (127.0.0.1). Its tiers are sized by what is free.
            """;

    @Test
    void theCommittedPageIsUpToDate() throws IOException {
        Path page = root().resolve("docs/configuration.md");
        String text = HEAD + ConfigReference.markdown(StandaloneConfig.class);
        if (Boolean.getBoolean("tarn.document-settings")) {
            Files.writeString(page, text);
        }
        assertEquals(text, Files.readString(page), "run bin/document-settings and commit docs/configuration.md");
    }

    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("bin/document-settings"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("run this test inside the source tree");
        }
        return directory;
    }
}
