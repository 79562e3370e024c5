package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Directories, renames, and attributes. */
interface DirectoryContract extends ContractSubject {
    @Test
    default void theRootIsAnEmptyDirectory() throws Exception {
        store().checkAccess();
        StoreStatus root = probe().status("");
        assertTrue(root.directory());
        assertEquals("", root.path());
        assertEquals(List.of(), probe().names(""));
        assertEquals(List.of(), probe().files(""));
    }

    @Test
    default void makesDirectories() throws Exception {
        store().createDirectory("a/b/c");
        store().createDirectory("a/b/c");
        store().createDirectory("");
        assertTrue(probe().status("a/b/c").directory());
        assertTrue(probe().status("a").directory());
        assertEquals(List.of("a/"), probe().names(""));
        assertEquals(List.of("c/"), probe().names("a/b"));
        assertEquals(List.of(), probe().names("a/b/c"));
        assertEquals(List.of(), probe().files("a"));
        probe().put("file", "x");
        probe().fails(() -> store().createDirectory("file"), ErrorCode.ALREADY_EXISTS);
    }

    @Test
    default void aDirectoryIsNotReadOrDeletedAsAFile() throws Exception {
        probe().put("d/file", "x");
        if (store().capabilities().realDirectories()) {
            probe().fails(() -> store().deleteFile("d", ""), ErrorCode.IS_A_DIRECTORY);
            probe().fails(() -> probe().put("d", "x"), ErrorCode.IS_A_DIRECTORY);
        }
        assertEquals("x", probe().text("d/file"));
    }

    @Test
    default void deletesDirectories() throws Exception {
        store().createDirectory("empty");
        probe().put("full/a/b", "x");
        probe().put("full/c", "x");
        probe().put("full-not", "stays");
        assertFalse(store().deleteDirectory("absent", true));
        assertTrue(store().deleteDirectory("empty", false));
        probe().fails(() -> store().deleteDirectory("full", false), ErrorCode.DIRECTORY_NOT_EMPTY);
        assertEquals(2, probe().files("full").size());
        assertTrue(store().deleteDirectory("full", true));
        assertTrue(store().status("full").isEmpty());
        assertEquals(List.of("full-not"), probe().names(""));
        probe().fails(() -> store().deleteDirectory("", true), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    default void makesNoDirectoryInWhichAFileIsSaidToBe() throws Exception {
        assumeTrue(store().capabilities().realDirectories(), "this store has no directories of its own");
        CreateOptions options = new CreateOptions(false, null, StoreAttributes.NONE, true);
        probe().fails(() -> probe().put("gone/file", new byte[3], options), ErrorCode.STORE_NOT_FOUND);
        assertTrue(store().status("gone").isEmpty());
        store().createDirectory("there");
        probe().put("there/file", new byte[3], options);
        assertEquals(3, probe().get("there/file").length);
    }

    @Test
    default void renamesOrSaysThatItCannot() throws Exception {
        if (!store().capabilities().atomicRename()) {
            probe().put("file", "x");
            probe().fails(() -> store().rename("file", "other"), ErrorCode.UNSUPPORTED);
            return;
        }
        byte[] content = StoreProbe.bytes(10_000, 1);
        probe().put("file", content);
        String version = probe().status("file").versionTag();
        probe().put("replaced", "y");
        store().rename("file", "replaced");
        assertEquals(version, probe().status("replaced").versionTag());
        assertArrayEquals(content, probe().get("replaced"));
        assertTrue(store().status("file").isEmpty());
        probe().fails(() -> store().rename("file", "x"), ErrorCode.STORE_NOT_FOUND);
    }

    @Test
    default void renamesDirectories() throws Exception {
        assumeTrue(store().capabilities().atomicRename(), "this store has no rename");
        probe().put("d/a", "a");
        probe().put("d/b/c", "c");
        String version = probe().status("d/b/c").versionTag();
        store().rename("d", "new/parent");
        assertEquals(version, probe().status("new/parent/b/c").versionTag());
        assertEquals(List.of("new/parent/a", "new/parent/b/c"), probe().files(""));
        assertTrue(store().status("d").isEmpty());
        probe().put("full/x", "x");
        probe().fails(() -> store().rename("new/parent", "full"), ErrorCode.DIRECTORY_NOT_EMPTY);
        probe().fails(() -> store().rename("new", "new/parent/below"), ErrorCode.INVALID_ARGUMENT);
        probe().put("file", "x");
        probe().fails(() -> store().rename("file", "full"), ErrorCode.IS_A_DIRECTORY);
        probe().fails(() -> store().rename("full", "file"), ErrorCode.NOT_A_DIRECTORY);
        assertEquals("c", probe().text("new/parent/b/c"));
    }

    @Test
    default void keepsModesWhereItCan() throws Exception {
        boolean keeps = store().capabilities().keepsOwnerAndMode();
        StoreAttributes attributes = new StoreAttributes(null, null, 0640, null);
        probe().put("file", new byte[3], new CreateOptions(false, null, attributes));
        assertEquals(keeps ? 0640 : -1, probe().status("file").mode());
        store().setAttributes("file", new StoreAttributes(null, null, 0600, null));
        assertEquals(keeps ? 0600 : -1, probe().status("file").mode());
        assertEquals(keeps, probe().status("file").owner() != null);
        assertEquals(keeps, probe().status("file").group() != null);
        if (keeps) {
            store().setAttributes("file", new StoreAttributes(null, null, null, 1_600_000_000_000L));
            assertEquals(1_600_000_000_000L, probe().status("file").modifiedMillis());
        }
    }

    @Test
    default void aFileIsNoParent() throws Exception {
        probe().put("file", "x");
        assertTrue(store().status("file/below").isEmpty());
        if (store().capabilities().realDirectories()) {
            probe().fails(() -> probe().put("file/below", "y"), ErrorCode.ALREADY_EXISTS, ErrorCode.NOT_A_DIRECTORY);
            assertEquals("x", probe().text("file"));
        }
    }
}
