package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import io.tarn.testing.understore.S3MountOptions;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody replaces an object of the same length behind the cache's back while it is read. */
@Timeout(120)
class ReplacedObjectTest {
    private static final int LENGTH_BYTES = 48 << 20;
    private static final int PIECE_BYTES = 1 << 20;

    private final byte[] old = StoreProbe.bytes(LENGTH_BYTES, 1);
    private final byte[] replacement = StoreProbe.bytes(LENGTH_BYTES, 2);

    @TempDir
    Path directory;

    @Test
    void aReaderGetsTheOldBytesOrAnErrorAndTheNextOneTheNewBytes() throws Exception {
        try (EmbeddedS3 s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
                RunningCache cache = new RunningCache(directory.resolve("data"))) {
            s3.createBucket("lake");
            try (UnderStore bucket = UnderStores.load()
                    .open("s3://lake", S3MountOptions.of(s3.endpoint(), s3.accessKey(), s3.secretKey()))) {
                StoreProbe probe = new StoreProbe(bucket);
                probe.put("object", old);
                cache.client().mount("/lake", "s3://lake", S3Mounts.of(s3));
                s3.shape(0, 20L << 20);
                try (FileReader reader = cache.client().open("/lake/object", OpenOptions.DEFAULT)) {
                    assertOld(0, read(reader, 0));
                    s3.shape(0, 0);
                    probe.put("object", replacement);
                    TarnException changed = assertThrows(TarnException.class, () -> {
                        for (int at = PIECE_BYTES; at < LENGTH_BYTES; at += PIECE_BYTES) {
                            assertOld(at, read(reader, at));
                        }
                    });
                    assertEquals(ErrorCode.STORE_CHANGED, changed.code(), changed::getMessage);
                    assertTrue(String.valueOf(changed.getMessage()).contains("object"), changed::getMessage);
                }
                assertEquals(0, cache.tarn("sync", "/lake/object").status());
                assertArrayEquals(
                        replacement, cache.tarn("fs", "cat", "/lake/object").bytes());
            }
        }
    }

    private static byte[] read(FileReader reader, int offset) throws TarnException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        while (piece.hasRemaining()) {
            assertTrue(reader.read(offset + piece.position(), piece) > 0);
        }
        return piece.array();
    }

    private void assertOld(int offset, byte[] piece) {
        assertArrayEquals(Arrays.copyOfRange(old, offset, offset + piece.length), piece);
    }
}
