package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies within a bucket, by one request and in parts. */
final class S3CopyTest {
    private static final int COPY_PART_BYTES = 5 << 20;

    @TempDir
    private Path directory;

    private EmbeddedS3 s3;
    private UnderStore store;
    private StoreProbe probe;

    @BeforeEach
    void start() throws IOException {
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory));
        s3.createBucket("bucket");
        MountOptions options = S3MountOptions.of(s3.endpoint(), s3.accessKey(), s3.secretKey()).toBuilder()
                .putProperties("copy-part-size", Integer.toString(COPY_PART_BYTES))
                .build();
        store = UnderStores.load().open("s3://bucket/lake", options);
        probe = new StoreProbe(store);
    }

    @AfterEach
    void stop() {
        store.close();
        s3.close();
    }

    @Test
    void aLargeFileIsCopiedInPartsWithoutPassingThroughHere() throws Exception {
        byte[] content = StoreProbe.bytes(2 * COPY_PART_BYTES + 7, 1);
        StoreStatus source = probe.put("source", content);
        long sent = s3.counters().snapshot().objectBytesIn();
        StoreStatus copy = store.copyFile("source", source.versionTag(), "target");
        assertEquals(content.length, copy.lengthBytes());
        assertEquals(probe.status("target").versionTag(), copy.versionTag());
        assertArrayEquals(content, probe.get("target"));
        assertEquals(5, probe.figures("copy").requests(), "start, three parts, end");
        assertEquals(3, s3.counters().copies());
        assertEquals(sent, s3.counters().snapshot().objectBytesIn());
        assertEquals(0, s3.openUploads("bucket"));
    }

    @Test
    void aFileOfOnePartIsCopiedByOneRequest() throws Exception {
        byte[] content = StoreProbe.bytes(COPY_PART_BYTES, 2);
        StoreStatus source = probe.put("source", content);
        store.copyFile("source", source.versionTag(), "target");
        assertArrayEquals(content, probe.get("target"));
        assertEquals(1, probe.figures("copy").requests());
        assertEquals(1, s3.counters().copies());
    }

    @Test
    void anotherVersionIsNotCopiedAndLeavesNoParts() throws Exception {
        StoreStatus source = probe.put("source", StoreProbe.bytes(COPY_PART_BYTES + 1, 3));
        probe.put("source", StoreProbe.bytes(COPY_PART_BYTES + 1, 4));
        probe.fails(() -> store.copyFile("source", source.versionTag(), "target"), ErrorCode.STORE_CHANGED);
        assertTrue(store.status("target").isEmpty());
        assertEquals(0, s3.openUploads("bucket"));
    }
}
