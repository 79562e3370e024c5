package io.tarn.testing.understore;

import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the directory TARN_TEST_DIRECTORY: a mount of NFS, GlusterFS or CephFS. {@code bin/test-stores} makes such mounts. */
final class ExternalDirectoryContractTest extends UnderStoreContract {
    private static final String DIRECTORY = System.getenv().getOrDefault("TARN_TEST_DIRECTORY", "");

    private static Path root = Path.of("/");

    @BeforeAll
    static void createRoot() throws Exception {
        TestEnvironment.orSkip("TARN_TEST_DIRECTORY", "no network file system is tested here");
        root = Files.createTempDirectory(Path.of(DIRECTORY), "contract");
    }

    @AfterAll
    static void deleteRoot() throws Exception {
        if (DIRECTORY.isEmpty()) {
            return;
        }
        try (UnderStore parent = UnderStores.load().open(DIRECTORY, MountOptions.getDefaultInstance())) {
            parent.deleteDirectory(Path.of(DIRECTORY).relativize(root).toString(), true);
        }
    }

    @Override
    protected UnderStore open(String place) throws Exception {
        Path directory = Files.createDirectories(root.resolve(place));
        return UnderStores.load().open(directory.toString(), MountOptions.getDefaultInstance());
    }
}
