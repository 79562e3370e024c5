package io.tarn.testing.understore;

import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a directory of this machine. */
final class LocalContractTest extends UnderStoreContract {
    @TempDir
    private Path root;

    @Override
    protected UnderStore open(String place) throws Exception {
        Path directory = Files.createDirectories(root.resolve(place));
        return UnderStores.load().open(directory.toUri().toString(), MountOptions.getDefaultInstance());
    }
}
