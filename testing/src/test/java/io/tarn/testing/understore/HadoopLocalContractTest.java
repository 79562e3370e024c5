package io.tarn.testing.understore;

import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.hadoop.HadoopStoreFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on Hadoop's own file system of local files: what the adapter does for systems other than HDFS. */
final class HadoopLocalContractTest extends UnderStoreContract {
    @TempDir
    private Path root;

    @Override
    protected UnderStore open(String place) throws Exception {
        MountOptions options = MountOptions.newBuilder()
                .putProperties("hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem")
                .build();
        Path directory = Files.createDirectories(root.resolve(place));
        return new HadoopStoreFactory().open("file://" + directory, options);
    }
}
