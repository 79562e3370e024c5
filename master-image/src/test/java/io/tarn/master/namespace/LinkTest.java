package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.protocol.v1.WriteType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Symbolic links: where they lead, what acts on them, and what acts on their target. */
class LinkTest {
    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private InMemoryStateStore state = new InMemoryStateStore();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(journal, state, stores, clock);
        harness.mkdir("/d/e");
        harness.write("/d/e/file", 5);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void restart() throws TarnException {
        harness.close();
        state = new InMemoryStateStore();
        harness = new NamespaceHarness(journal, state, stores, clock);
    }

    @Test
    void pathsLeadThroughThem() throws TarnException {
        harness.link("/d/e", "/absolute");
        harness.link("../d/./e/", "/d/relative");
        harness.link("relative/file", "/d/tofile");
        harness.link("/absolute/../tofile", "/chain");
        for (String path : List.of("/absolute/file", "/d/relative/file", "/d/tofile", "/chain")) {
            assertEquals("/d/e/file", harness.status(path).getPath(), path);
            assertEquals(5, harness.open(path).getStatus().getLengthBytes());
        }
        assertEquals(List.of("file"), harness.names("/absolute"));
        harness.write("/absolute/new", 3);
        harness.write("/chain", 7);
        harness.mkdir("/d/relative/sub");
        assertEquals(List.of("file", "new", "sub"), harness.names("/d/e"));
        assertEquals(7, harness.status("/d/e/file").getLengthBytes());
        harness.rename("/absolute/new", "/d/relative/sub/moved", false);
        assertEquals(List.of("moved"), harness.names("/d/e/sub"));
        harness.set(SetAttributesRequest.newBuilder().setMode(0600), "/chain");
        assertEquals(0600, harness.status("/d/e/file").getMode());
        restart();
        assertEquals("/d/e/file", harness.status("/chain").getPath());
    }

    @Test
    void theLinkItselfIsSeenMovedAndDeleted() throws TarnException {
        harness.link("e/file", "/d/l");
        FileStatus link = harness.linkStatus("/d/l");
        assertEquals(FileType.SYMLINK, link.getType());
        assertEquals("e/file", link.getLinkTarget());
        assertEquals(0, link.getExtendedAttributesCount());
        assertEquals(FileType.FILE, harness.linkStatus("/d/e/file").getType());
        FileStatus listed = harness.list("/d", false).get(1);
        assertEquals("/d/l e/file", listed.getPath() + " " + listed.getLinkTarget());
        harness.rename("/d/l", "/moved", false);
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/moved")), "it is relative");
        harness.rename("/moved", "/d/l", false);
        harness.write("/d/other", 1);
        harness.rename("/d/other", "/d/l", true);
        assertEquals(FileType.FILE, harness.linkStatus("/d/l").getType());
        assertEquals(0, new NamespaceView(state).linkCount());
        harness.link("/d", "/d/up");
        assertEquals(List.of("/d/e", "/d/e/file", "/d/l", "/d/up"), paths(harness.list("/d", true)));
        harness.delete("/d/up", true);
        harness.delete("/d/e/file", false);
        assertEquals(List.of("e", "l"), harness.names("/d"));
        harness.link("file", "/d/e/inner");
        harness.delete("/d", true);
        harness.namespace.runBackground();
        assertEquals(0, new NamespaceView(state).linkCount());
    }

    private static List<String> paths(List<FileStatus> entries) {
        return entries.stream().map(FileStatus::getPath).toList();
    }

    @Test
    void circlesAndDeadEndsAreErrors() throws TarnException {
        harness.link("/b", "/a");
        harness.link("/a", "/b");
        harness.link("self", "/self");
        harness.link("/nowhere/else", "/dangling");
        harness.link("/d/new", "/todo");
        for (String path : List.of("/a", "/b/x", "/self")) {
            TarnException failure = assertThrows(TarnException.class, () -> harness.status(path));
            assertEquals(ErrorCode.LINK_LOOP, failure.code());
            assertTrue(failure.getMessage().contains("40"), failure.getMessage());
        }
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.open("/dangling")));
        assertEquals(FileType.SYMLINK, harness.linkStatus("/dangling").getType());
        harness.write("/todo", 1);
        assertEquals(1, harness.status("/d/new").getLengthBytes());
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> harness.mkdir("/dangling", false, 0755)));
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> harness.link("x", "/dangling")));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.link("x", "/no/such/link")));
        assertEquals(ErrorCode.NOT_A_DIRECTORY, codeOf(() -> harness.link("x", "/d/e/file/link")));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.link("", "/empty")));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.link("a\0b", "/nul")));
        assertEquals(ErrorCode.NAME_TOO_LONG, codeOf(() -> harness.link("x/".repeat(3000), "/long")));
        harness.delete("/a", false);
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/b")));
        String at = "/d/e/file";
        for (int i = 0; i < 41; i++) {
            harness.link(at, "/chain" + i);
            at = "/chain" + i;
        }
        assertEquals(5, harness.status("/chain39").getLengthBytes());
        assertEquals(ErrorCode.LINK_LOOP, codeOf(() -> harness.status("/chain40")));
    }

    @Test
    void theyAreOwnedOnMountsToo() throws TarnException {
        harness.mount(
                "/m",
                "object://bucket/",
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.CACHE_THROUGH));
        harness.write("/m/a/b/file", 4, true);
        harness.put("object://bucket/", "a/foreign", 2);
        harness.sync("/m/a", true);
        harness.link("b/file", "/m/a/l");
        harness.link("/m/a", "/out");
        harness.link("/d/e", "/m/a/in");
        assertEquals(List.of("b", "foreign", "in", "l"), harness.names("/out"));
        assertEquals(4, harness.status("/out/l").getLengthBytes());
        assertEquals(5, harness.status("/out/in/file").getLengthBytes());
        harness.write("/out/through", 6);
        assertEquals(
                6,
                stores.store("object://bucket/")
                        .status("a/through")
                        .orElseThrow()
                        .lengthBytes());
        assertEquals(0, harness.persist("/m").getWaiting(), "links wait for no store");
        assertFalse(stores.store("object://bucket/").status("a/l").isPresent());
        harness.rename("/m/a", "/m/z", false);
        assertEquals(4, harness.status("/m/z/l").getLengthBytes());
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/out/l")));
        assertEquals(ErrorCode.CROSS_MOUNT, codeOf(() -> harness.rename("/m/z/l", "/l", false)));
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> harness.link("x", "/m/z/foreign")));
        restart();
        harness.delete("/m/z", true);
        assertEquals(List.of(), harness.names("/m"));
        harness.namespace.runBackground();
        assertEquals(1, new NamespaceView(state).linkCount());
    }

    @Test
    void whoMayNotEnterADirectoryMayNotFollowItsLinks() throws TarnException {
        harness.mkdir("/secret", false, 0700);
        harness.link("/d/e", "/secret/l");
        harness.as("somebody");
        assertEquals(ErrorCode.PERMISSION_DENIED, codeOf(() -> harness.status("/secret/l/file")));
        assertEquals(ErrorCode.PERMISSION_DENIED, codeOf(() -> harness.link("x", "/d/mine")));
        assertEquals(5, harness.status("/d/e/file").getLengthBytes());
    }

    @Test
    void theirTargetIsNoAttributeToPlayWith() throws TarnException {
        var change =
                SetAttributesRequest.newBuilder().putSetExtendedAttributes("tarn.link", ByteString.copyFromUtf8("/d"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.set(change, "/d/e/file")));
        harness.setQuota("/d", 3, -1);
        harness.link("e", "/d/one");
        assertEquals(ErrorCode.QUOTA_EXCEEDED, codeOf(() -> harness.link("e", "/d/two")));
        UsageCheck.assertExact(state, "with a link");
    }
}
