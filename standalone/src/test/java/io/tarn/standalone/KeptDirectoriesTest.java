package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import io.tarn.testing.understore.S3MountOptions;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket has no directories, only keys and their prefixes; those of the namespace last all the same. */
class KeptDirectoriesTest {
    private static final CreateOptions THROUGH =
            CreateOptions.DEFAULT.withWriteType(WriteType.THROUGH).withOverwrite(true);

    @TempDir
    Path directory;

    @Test
    void aDirectoryOutlastsTheLastOfWhatLaysInIt() throws Exception {
        try (EmbeddedS3 s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
                RunningCache cache = new RunningCache(directory.resolve("data"))) {
            s3.createBucket("lake");
            try (UnderStore bucket = UnderStores.load()
                    .open("s3://lake", S3MountOptions.of(s3.endpoint(), s3.accessKey(), s3.secretKey()))) {
                cache.client().mount("/lake", "s3://lake", S3Mounts.of(s3));
                check(cache.client(), new StoreProbe(bucket));
            }
        }
    }

    private static void check(TarnClient client, StoreProbe bucket) throws TarnException {
        write(client, "/lake/deleted/one");
        write(client, "/lake/deleted/two");
        client.delete("/lake/deleted/one", false);
        client.delete("/lake/deleted/two", false);
        write(client, "/lake/renamed/file");
        client.rename("/lake/renamed/file", "/lake/file", false);
        write(client, "/lake/above/inner/file");
        client.rename("/lake/above/inner", "/lake/moved", false);
        write(client, "/lake/emptied/inner/file");
        client.delete("/lake/emptied/inner", true);
        bucket.put("others/file", "somebody else's");
        client.delete("/lake/others/file", false);
        for (String kept : List.of("deleted", "renamed", "above", "emptied", "others")) {
            assertTrue(bucket.status(kept).directory(), kept);
        }
        assertEquals(List.of("file", "moved/file"), bucket.files(""));
    }

    private static void write(TarnClient client, String path) throws TarnException {
        client.create(path, THROUGH).close();
    }
}
