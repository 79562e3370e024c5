package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files become visible whole, at commit, or not at all. */
interface WriteContract extends ContractSubject {
    @Test
    default void aFileAppearsAtCommit() throws Exception {
        try (StoreWriter writer = store().create("new/directory/file", CreateOptions.REPLACE)) {
            writer.write(ByteBuffer.wrap(new byte[1000]));
            assertEquals(1000, writer.lengthBytes());
            assertTrue(store().status("new/directory/file").isEmpty(), "nothing shows before the commit");
            StoreStatus committed = writer.commit();
            assertEquals(1000, committed.lengthBytes());
            assertEquals("new/directory/file", committed.path());
            assertEquals(
                    committed.versionTag(), probe().status("new/directory/file").versionTag());
        }
        assertEquals(List.of("file"), probe().names("new/directory"));
    }

    @Test
    default void anAbortedFileLeavesNothing() throws Exception {
        probe().put("beside", "x");
        StoreWriter aborted = store().create("file", CreateOptions.REPLACE);
        aborted.write(ByteBuffer.wrap(StoreProbe.bytes(6 << 20, 1)));
        aborted.abort();
        aborted.abort();
        aborted.close();
        try (StoreWriter closed = store().create("file2", CreateOptions.REPLACE)) {
            closed.write(ByteBuffer.wrap(new byte[10]));
        }
        assertEquals(List.of("beside"), probe().names(""));
        assertEquals(List.of("beside"), probe().files(""));
    }

    @Test
    default void closingTheStoreAbortsWhatIsOpen() throws Exception {
        StoreWriter open = behindTheBack().store().create("file", CreateOptions.REPLACE);
        open.write(ByteBuffer.wrap(StoreProbe.bytes(6 << 20, 2)));
        behindTheBack().store().close();
        assertTrue(store().status("file").isEmpty());
        assertEquals(List.of(), probe().names(""));
    }

    @Test
    default void replacesAnExistingFile() throws Exception {
        probe().put("file", "old");
        try (StoreWriter writer = store().create("file", CreateOptions.REPLACE)) {
            writer.write(ByteBuffer.wrap("newer".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertEquals("old", probe().text("file"));
            writer.commit();
        }
        assertEquals("newer", probe().text("file"));
    }

    @Test
    default void writesInManyPieces() throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (StoreWriter writer = store().create("file", CreateOptions.REPLACE)) {
            for (int i = 0; i < 60; i++) {
                byte[] piece = StoreProbe.bytes(i * 9_973, i);
                expected.writeBytes(piece);
                ByteBuffer bytes =
                        ByteBuffer.allocateDirect(piece.length).put(piece).flip();
                writer.write(bytes.asReadOnlyBuffer());
            }
            assertEquals(expected.size(), writer.commit().lengthBytes());
        }
        assertArrayEquals(expected.toByteArray(), probe().get("file"));
    }

    @Test
    default void theRootIsNoFile() {
        probe().fails(() -> store().create("", CreateOptions.REPLACE), ErrorCode.IS_A_DIRECTORY);
    }

    @Test
    default void deletesFiles() throws Exception {
        StoreStatus first = probe().put("file", "one");
        assertFalse(store().deleteFile("other", ""));
        assertTrue(store().deleteFile("file", first.versionTag()));
        assertFalse(store().deleteFile("file", ""));
        assertTrue(store().status("file").isEmpty());
    }

    @Test
    default void deletesOnlyTheVersionAskedFor() throws Exception {
        StoreStatus first = probe().put("file", "one");
        behindTheBack().put("file", "other");
        probe().fails(() -> store().deleteFile("file", first.versionTag()), ErrorCode.STORE_CHANGED);
        assertEquals("other", probe().text("file"));
    }

    @Test
    default void copiesFiles() throws Exception {
        byte[] content = StoreProbe.bytes(2_500_000, 8);
        StoreStatus source = probe().put("from/file", content);
        StoreStatus copy = store().copyFile("from/file", source.versionTag(), "to/a/copy");
        assertEquals("to/a/copy", copy.path());
        assertEquals(content.length, copy.lengthBytes());
        assertArrayEquals(content, probe().get("to/a/copy"));
        assertArrayEquals(content, probe().get("from/file"));
    }

    @Test
    default void copiesOnlyTheVersionAskedFor() throws Exception {
        StoreStatus first = probe().put("file", "one");
        behindTheBack().put("file", "other");
        probe().fails(
                        () -> store().copyFile("file", first.versionTag(), "copy"),
                        ErrorCode.STORE_CHANGED,
                        ErrorCode.STORE_NOT_FOUND);
        assertTrue(store().status("copy").isEmpty());
    }
}
