package io.tarn.master;

import static io.tarn.master.MasterFixture.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.v1.*;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master as its callers see it, over a real channel. */
class MasterTest {
    @TempDir
    Path directory;

    private MasterFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new MasterFixture(directory.resolve("master"), UnderStores.load());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void ownedFilesAndDirectories() throws IOException {
        fixture.mkdir("/a/b");
        FileStatus written = fixture.write("/a/b/f", 10);
        assertEquals(10, written.getLengthBytes());
        assertEquals(List.of("/a/b", "/a/b/f"), fixture.list("/a", true));
        OpenResponse opened = fixture.files()
                .open(OpenRequest.newBuilder()
                        .setCaller(fixture.caller())
                        .setPath("/a/b/f")
                        .build());
        assertEquals(MasterFixture.WORKER_ID, opened.getWorkers(0).getWorkerId());
        fixture.rename("/a/b", "/c");
        assertEquals(10, fixture.status("/c/f").getLengthBytes());
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> fixture.status("/a/b/f")));
        fixture.restart();
        assertEquals(10, fixture.status("/c/f").getLengthBytes());
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> fixture.delete("/c", false)));
        fixture.delete("/c", true);
        assertEquals(List.of("/a"), fixture.list("/"));
    }

    @Test
    void aMountedDirectoryIsListedReadAndWritten() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data/sub"));
        Files.writeString(data.resolve("one"), "hello");
        fixture.mount("/m", directory.resolve("data").toUri().toString());
        assertEquals(List.of("/m/sub", "/m/sub/one"), fixture.list("/m", true));
        assertEquals(5, fixture.status("/m/sub/one").getLengthBytes());
        FileStatus written = fixture.write("/m/sub/two", 7);
        assertEquals(Persistence.PERSISTED, written.getPersistence());
        assertEquals(7, Files.size(data.resolve("two")));
        assertEquals(List.of("/m/sub/one", "/m/sub/two"), fixture.list("/m/sub"));
        fixture.mkdir("/m/new/deep");
        assertTrue(Files.isDirectory(directory.resolve("data/new/deep")));
        fixture.rename("/m/sub", "/m/new/moved");
        assertEquals(List.of("/m/new/deep", "/m/new/moved"), fixture.list("/m/new"));
        assertEquals(7, fixture.status("/m/new/moved/two").getLengthBytes());
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> fixture.status("/m/sub/two")));
        fixture.restart();
        assertEquals(7, fixture.status("/m/new/moved/two").getLengthBytes());
        fixture.delete("/m/new/moved/two", false);
        assertFalse(Files.exists(directory.resolve("data/new/moved/two")));
        fixture.delete("/m/new", true);
        assertEquals(List.of(), fixture.list("/m"));
        fixture.admin()
                .unmount(UnmountRequest.newBuilder()
                        .setCaller(fixture.caller())
                        .setPath("/m")
                        .build());
        assertEquals(List.of(), fixture.list("/"));
    }

    @Test
    void aFileBeingWrittenIsItsWritersOnly() throws IOException {
        CreateResponse created = fixture.create("/f", false);
        assertEquals(ErrorCode.LEASE_CONFLICT, codeOf(() -> fixture.create("/f", false)));
        assertFalse(fixture.status("/f").getComplete());
        assertEquals(List.of(), fixture.list("/"));
        fixture.complete(created, 3);
        assertTrue(fixture.status("/f").getComplete());
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> fixture.create("/f", false)));
    }

    @Test
    void aRepeatedCallIsCarriedOutOnce() {
        DeleteRequest delete = DeleteRequest.newBuilder()
                .setCaller(fixture.caller(9, 5))
                .setPath("/d")
                .build();
        fixture.mkdir("/d");
        fixture.files().delete(delete);
        fixture.mkdir("/d");
        fixture.files().delete(delete);
        assertEquals(List.of("/d"), fixture.list("/"));
    }
}
