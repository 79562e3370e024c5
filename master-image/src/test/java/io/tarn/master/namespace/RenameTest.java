package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.FileStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be renamed to what: owned, in a store that renames, and in one that copies. */
class RenameTest {
    private final ManualClock clock = new ManualClock();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(
                new InMemoryJournal(), new InMemoryStateStore(), new MemoryStores(clock::millis), clock);
        harness.mkdir("/own");
        harness.mount("/store", "memory://a/");
        harness.mount("/object", "object://b/");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @ParameterizedTest
    @CsvSource({
        "file, new, false, ''",
        "file, file2, false, ALREADY_EXISTS",
        "file, file2, true, ''",
        "file, empty, true, IS_A_DIRECTORY",
        "file, file, true, ''",
        "file, no/where, false, NOT_FOUND",
        "file, file2/x, false, NOT_A_DIRECTORY",
        "missing, new, false, NOT_FOUND",
        "dir, new, false, ''",
        "dir, empty, true, ''",
        "dir, empty, false, ALREADY_EXISTS",
        "dir, file, true, NOT_A_DIRECTORY",
        "dir, full, true, DIRECTORY_NOT_EMPTY",
        "dir, dir/sub/x, false, INVALID_ARGUMENT",
        "dir, dir/x, false, INVALID_ARGUMENT",
        "dir/sub/deep, deep, false, ''"
    })
    void rules(String source, String target, boolean overwrite, String expected) throws TarnException {
        for (String top : List.of("/own/", "/store/", "/object/")) {
            harness.mkdir(top + "dir/sub");
            harness.mkdir(top + "empty");
            harness.mkdir(top + "full/x");
            harness.write(top + "file", 1);
            harness.write(top + "file2", 2);
            harness.write(top + "dir/sub/deep", 3);
            List<String> before = paths(top);
            ErrorCode code = codeOf(() -> harness.rename(top + source, top + target, overwrite));
            assertEquals(expected.isEmpty() ? null : ErrorCode.valueOf(expected), code, top);
            if (code != null) {
                assertEquals(before, paths(top), top + " is as it was");
            } else if (!source.equals(target)) {
                assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status(top + source)), top);
                harness.status(top + target);
            }
        }
    }

    private List<String> paths(String top) throws TarnException {
        return harness.list(top, true).stream().map(FileStatus::getPath).toList();
    }

    @Test
    void theRootAndMountPointsStayWhereTheyAre() throws TarnException {
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.rename("/", "/x", false)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.rename("/own", "/", true)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.rename("/store", "/x", false)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.rename("/own", "/store", true)));
        harness.mkdir("/holds");
        harness.mount("/holds/m", "memory://c/");
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.rename("/holds", "/x", false)));
    }

    @Test
    void acrossMountsIsRefused() throws TarnException {
        harness.write("/own/f", 1);
        harness.write("/store/f", 1);
        assertEquals(ErrorCode.CROSS_MOUNT, codeOf(() -> harness.rename("/own/f", "/store/g", false)));
        assertEquals(ErrorCode.CROSS_MOUNT, codeOf(() -> harness.rename("/store/f", "/own/g", false)));
        assertEquals(ErrorCode.CROSS_MOUNT, codeOf(() -> harness.rename("/store/f", "/object/g", false)));
    }

    @Test
    void aFileBeingWrittenMovesWithItsWriter() throws TarnException {
        CreateResponse created = harness.create("/own/f", false);
        harness.rename("/own/f", "/own/g", false);
        harness.complete(created, 5);
        assertEquals(List.of("g"), harness.names("/own"));
    }

    @Test
    void aDirectoryMovesWithTheFilesBeingWrittenInIt() throws TarnException {
        harness.mkdir("/own/d");
        CreateResponse created = harness.create("/own/d/f", false);
        harness.rename("/own/d", "/own/e", false);
        assertEquals("/own/e/f", harness.complete(created, 5).getPath());
        CreateResponse mounted = harness.create("/store/f", false);
        assertEquals(ErrorCode.LEASE_CONFLICT, codeOf(() -> harness.rename("/store/f", "/store/g", false)));
        harness.complete(mounted, 5);
    }
}
