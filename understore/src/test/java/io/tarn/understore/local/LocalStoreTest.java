package io.tarn.understore.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UploadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a directory can hold: links, special files, unfinished files, names that are no Unicode. */
final class LocalStoreTest {
    private static final CreateOptions ONLY_IF_ABSENT = new CreateOptions(true, null, StoreAttributes.NONE);

    @TempDir
    private Path directory;

    private Path root;
    private UnderStore store;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        store = new LocalStoreFactory().open("file://" + root, MountOptions.getDefaultInstance());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void linksThatLeaveTheRootAreNotThere() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("out"), secret);
        Files.createSymbolicLink(root.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        assertEquals(List.of(), names(""));
        assertEquals(4, store.skippedNames());
        for (String name : List.of("out", "up", "dangling", "loop")) {
            assertTrue(store.status(name).isEmpty(), name);
        }
        StoreStatus real = StoreStatus.file("out", 6, 0, "tag");
        TarnException failure =
                assertThrows(TarnException.class, () -> store.read("out", real.versionTag(), 0, 6, bytes -> {}));
        assertEquals(ErrorCode.STORE_CHANGED, failure.code());
    }

    @Test
    void linksToDirectoriesAreNotFollowed() throws Exception {
        Files.createDirectory(root.resolve("real"));
        Files.writeString(root.resolve("real/file"), "x");
        Files.createSymbolicLink(root.resolve("link"), directory);
        Files.createSymbolicLink(root.resolve("inside"), root.resolve("real"));
        assertEquals(List.of("real"), names(""));
        assertTrue(store.status("link/root").isEmpty());
        assertTrue(store.status("inside/file").isEmpty());
        assertThrows(TarnException.class, () -> store.create("link/new", CreateOptions.REPLACE));
        assertThrows(TarnException.class, () -> store.createDirectory("link/new"));
        assertThrows(TarnException.class, () -> store.rename("real/file", "link/file"));
        assertFalse(Files.exists(directory.resolve("new")));
        assertTrue(store.deleteDirectory("real", true));
        assertTrue(Files.exists(directory.resolve("root")), "deleting never follows a link");
    }

    @Test
    void aLinkToAFileBelowTheRootIsThatFile() throws Exception {
        Files.writeString(root.resolve("file"), "content");
        Files.createSymbolicLink(root.resolve("link"), Path.of("file"));
        assertEquals(List.of("file", "link"), names(""));
        StoreStatus status = store.status("link").orElseThrow();
        assertEquals(7, status.lengthBytes());
        StringBuilder content = new StringBuilder();
        store.read("link", status.versionTag(), 0, 7, bytes -> {
            while (bytes.hasRemaining()) {
                content.append((char) bytes.get());
            }
        });
        assertEquals("content", content.toString());
    }

    @Test
    void deletingATreeLeavesWhatItsLinksPointTo() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "x");
        Files.createDirectory(root.resolve("tree"));
        Files.createSymbolicLink(root.resolve("tree/link"), outside);
        assertTrue(store.deleteDirectory("tree", true));
        assertTrue(Files.exists(outside.resolve("kept")));
    }

    @Test
    void unfinishedFilesOfADeadProcessAreHidden() throws Exception {
        Files.createDirectory(root.resolve("d"));
        Files.writeString(root.resolve("d/.tarn-0123456789abcdef.tmp"), "half");
        assertEquals(List.of(), names("d"));
        TarnException refused = assertThrows(TarnException.class, () -> store.status("d/.tarn-0123456789abcdef.tmp"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertTrue(store.deleteDirectory("d", false), "a directory that looks empty can be deleted");
    }

    @Test
    void pipesAreNotOpened() throws Exception {
        Process made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertEquals(0, made.waitFor());
        assertEquals(List.of(), names(""));
        assertTrue(store.status("pipe").isEmpty());
        assertEquals(1, store.skippedNames());
    }

    @Test
    void namesThatAreNoUnicodeAreSkipped() throws Exception {
        Process made =
                new ProcessBuilder("bash", "-c", "touch \"$0\"/$'bad\\xff' \"$0\"/good", root.toString()).start();
        assertEquals(0, made.waitFor());
        assertEquals(List.of("good"), names(""));
        assertEquals(1, store.skippedNames());
    }

    @Test
    void aRootThatIsMissingOrAFileSaysSo() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        for (Path path : List.of(file, directory.resolve("absent"))) {
            try (UnderStore other = new LocalStoreFactory().open(path.toString(), MountOptions.getDefaultInstance())) {
                TarnException failure = assertThrows(TarnException.class, other::checkAccess);
                assertEquals(ErrorCode.STORE_NOT_FOUND, failure.code());
            }
        }
    }

    private List<String> names(String path) throws TarnException {
        List<String> names = new ArrayList<>();
        store.list(path, "").forEachRemaining(status -> names.add(status.name()));
        return names;
    }

    @Test
    void whatCannotBeMadeDurableOnceItIsInPlaceIsInDoubt() throws Exception {
        UnderStore unlucky = new LocalStore(root, true, UploadLog.none()) {
            @Override
            void syncDirectory(Path file) throws IOException {
                throw new IOException("injected: the disk does not answer");
            }
        };
        try (StoreWriter writer = unlucky.create("file", CreateOptions.REPLACE)) {
            TarnException failure = assertThrows(TarnException.class, writer::commit);
            assertEquals(ErrorCode.OUTCOME_UNKNOWN, failure.code(), failure.getMessage());
        }
        assertEquals(List.of("file"), names(""));
        assertEquals(1, entries(root), "no temporary file");
    }

    /** As where a network file system loses the answer, and its client repeats the call. */
    @Test
    void aCommitThatMeetsItsOwnFileHasHappened() throws Exception {
        try (StoreWriter writer = store.create("file", ONLY_IF_ABSENT)) {
            writer.write(ByteBuffer.wrap(new byte[3]));
            Files.createLink(root.resolve("file"), onlyEntry(root));
            assertEquals(
                    store.status("file").orElseThrow().versionTag(),
                    writer.commit().versionTag());
        }
        assertEquals(1, entries(root), "no temporary file");
    }

    @Test
    void aCommitWhoseTemporaryFileIsGoneFailsBeforeItIsInDoubt() throws Exception {
        try (StoreWriter writer = store.create("file", CreateOptions.REPLACE)) {
            Files.delete(onlyEntry(root));
            TarnException failure = assertThrows(TarnException.class, writer::commit);
            assertEquals(ErrorCode.STORE_NOT_FOUND, failure.code(), failure.getMessage());
        }
    }

    private static Path onlyEntry(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.findFirst().orElseThrow();
        }
    }

    private static long entries(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.count();
        }
    }
}
