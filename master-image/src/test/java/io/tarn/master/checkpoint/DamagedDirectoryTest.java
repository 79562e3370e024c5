package io.tarn.master.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of file of a master that was killed, flipped in a bit, cut short and deleted. Either everything acknowledged is there, or the start is refused
 * with the file and the way out; nothing is ever dropped in silence.
 */
@Timeout(120)
class DamagedDirectoryTest {
    private enum Fault {
        FLIP,
        CUT,
        DELETE
    }

    @TempDir
    static Path all;

    private static KilledMaster killed;

    @BeforeAll
    static void kill() throws Exception {
        killed = KilledMaster.in(all.resolve("killed"));
    }

    @Test
    void segmentsThatNobodyNeeds() throws Exception {
        for (Fault fault : Fault.values()) {
            assertRecovers(copy(), killed.unneededSegment(), fault, 1_000);
        }
        assertRecovers(copy(), killed.unneededSegment(), Fault.FLIP, 9);
    }

    @Test
    void segmentsThatHoldWhatTheStateLost() throws Exception {
        for (Fault fault : Fault.values()) {
            assertRefused(copy(), killed.neededSegment(), fault, 1_000, "offset 64");
            assertRefused(copy(), killed.newestSegment(), fault, killed.lastBatchOffset() + 40, "offset ");
        }
        assertRefused(copy(), killed.neededSegment(), Fault.FLIP, 9, "offset 0");
        assertRefused(copy(), killed.newestSegment(), Fault.FLIP, 9, "offset 0");
    }

    @Test
    void theEpochFile() throws Exception {
        assertRefused(copy(), "journal/epoch", Fault.FLIP, 5, "offset 0");
        assertRefused(copy(), "journal/epoch", Fault.FLIP, 15, "offset 0");
        assertRefused(copy(), "journal/epoch", Fault.DELETE, 0, "offset 0");
        assertRecovers(copy(), "journal/epoch", Fault.CUT, 0); // the first half has the epoch
    }

    @Test
    void liveFilesOfTheState() throws Exception {
        for (String name : List.of("MANIFEST", "CURRENT", ".sst")) {
            for (Fault fault : Fault.values()) {
                assertRecovers(copy(), killed.file("state", name), fault, -1);
            }
        }
        assertRecovers(copy(), killed.file("state", "OPTIONS"), Fault.FLIP, -1);
    }

    @Test
    void filesOfTheCheckpointThatIsNeeded() throws Exception {
        String newest = "checkpoints/" + killed.checkpoints().getFirst();
        for (String file : List.of(
                newest + "/manifest",
                killed.file(newest + "/state", "MANIFEST"),
                killed.file(newest + "/state", "CURRENT"),
                killed.file(newest + "/state", ".sst"))) {
            for (Fault fault : Fault.values()) {
                Path copy = copy();
                FileTree.delete(copy.resolve("state"));
                assertRecovers(copy, file, fault, -1);
            }
        }
    }

    @Test
    void theStateAndBothCheckpoints() throws Exception {
        Path copy = copy();
        FileTree.delete(copy.resolve("state"));
        for (String checkpoint : killed.checkpoints()) {
            apply(copy, killed.file("checkpoints/" + checkpoint + "/state", ".sst"), Fault.FLIP, -1);
        }
        assertRefused(copy, killed.file("checkpoints/" + killed.checkpoints().getFirst() + "/state", ".sst"));
        assertTrue(
                Files.exists(
                        copy.resolve("checkpoints").resolve(killed.checkpoints().getLast())),
                "nothing is deleted");
    }

    @Test
    void aCheckpointOfANewerRelease() throws Exception {
        Path copy = copy();
        FileTree.delete(copy.resolve("state"));
        Path manifest = copy.resolve("checkpoints/" + killed.checkpoints().getFirst() + "/manifest");
        String text = Files.readString(manifest).replace("tarn-checkpoint 1", "tarn-checkpoint 2");
        text = text.substring(0, text.indexOf("\nend ") + 1);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(text.getBytes());
        Files.delete(manifest);
        Files.writeString(manifest, text + "end " + Long.toHexString(crc.getValue()) + "\n");
        TarnException e = assertThrows(TarnException.class, () -> KilledMaster.check(copy));
        assertEquals(ErrorCode.UNSUPPORTED, e.code());
        assertTrue(e.getMessage().contains("tarn-checkpoint 2"), e.getMessage());
    }

    private static Path copy() throws IOException {
        return killed.copyTo(Files.createTempDirectory(all, "copy-"));
    }

    /** A negative offset means the middle. */
    private static void apply(Path copy, String name, Fault fault, long offset) throws IOException {
        Path file = copy.resolve(name);
        byte[] content = Files.readAllBytes(file);
        Files.delete(file);
        switch (fault) {
            case FLIP -> {
                content[(int) (offset < 0 ? content.length / 2 : offset)] ^= 0x10;
                Files.write(file, content);
            }
            case CUT -> Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
            case DELETE -> {}
        }
    }

    private static void assertRecovers(Path copy, String name, Fault fault, long offset) throws Exception {
        apply(copy, name, fault, offset);
        try {
            KilledMaster.check(copy);
        } catch (TarnException e) {
            // Damage of a block shows when it is read; the process ends, and the next start restores.
            assertEquals(ErrorCode.CORRUPT, e.code(), fault + " " + name + ": " + e.getMessage());
            assertTrue(e.getMessage().contains("restart the master"), fault + " " + name + ": " + e.getMessage());
            KilledMaster.check(copy);
        }
        FileTree.delete(copy);
    }

    private static void assertRefused(Path copy, String name, Fault fault, long offset, String place) throws Exception {
        apply(copy, name, fault, offset);
        String file = copy.resolve(name).toString();
        // What a missing or cut segment holds is missed behind the segment before it.
        Predicate<String> tells = fault == Fault.FLIP || !name.contains("segment")
                ? message -> message.contains(file + ", " + place)
                : message -> message.contains(copy.resolve("journal/segment-").toString());
        for (int start = 1; start <= 2; start++) {
            TarnException e = assertThrows(TarnException.class, () -> KilledMaster.check(copy), fault + " " + name);
            String told = "start " + start + ", " + fault + " " + name + ": " + e.getMessage();
            assertEquals(ErrorCode.CORRUPT, e.code(), told);
            assertTrue(tells.test(e.getMessage()) && e.getMessage().contains("tarn restore"), told);
        }
        FileTree.delete(copy);
    }

    private static void assertRefused(Path copy, String named) {
        TarnException e = assertThrows(TarnException.class, () -> KilledMaster.check(copy));
        assertEquals(ErrorCode.CORRUPT, e.code());
        assertTrue(e.getMessage().contains(copy.resolve(named).toString()), e.getMessage());
        assertTrue(e.getMessage().contains("tarn restore"), e.getMessage());
    }
}
