package io.tarn.testing.understore;

import io.tarn.testing.s3.S3Process;
import io.tarn.testing.s3.S3Settings;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on an S3 server in a process of its own. */
final class S3ProcessContractTest extends UnderStoreContract {
    @TempDir
    private static Path directory;

    private static S3Process server;

    @BeforeAll
    static void start() throws IOException {
        server = S3Process.start(S3Settings.inDirectory(directory));
        server.createBucket("contract");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public Set<ServerFlaw> flaws() {
        return Set.of(ServerFlaw.SORTS_BY_UTF16, ServerFlaw.SHORT_NAMES);
    }

    @Override
    public int pageEntries() {
        return 1_000;
    }

    @Override
    protected UnderStore open(String place) throws Exception {
        return UnderStores.load()
                .open(
                        "s3://contract/" + place,
                        S3MountOptions.of(server.endpoint(), server.accessKey(), server.secretKey()));
    }
}
