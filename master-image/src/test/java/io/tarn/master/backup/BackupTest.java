package io.tarn.master.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.MasterFixture;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.state.Format;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.BackupRequest;
import io.tarn.protocol.v1.BackupResponse;
import io.tarn.protocol.v1.GetClusterInfoRequest;
import io.tarn.protocol.v1.GetClusterInfoResponse;
import io.tarn.understore.UnderStores;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a running master, and what becomes of them. */
@Timeout(60)
class BackupTest {
    private static final int DIRECTORIES = 150;

    @TempDir
    Path directory;

    private Path file;
    private Path target;

    @BeforeEach
    void name() {
        file = directory.resolve("backup");
        target = directory.resolve("restored");
    }

    @Test
    void aBackupIsOneMomentOfAMasterThatGoesOn() throws Exception {
        GetClusterInfoResponse before;
        long idBefore;
        try (MasterFixture master = fixture("master")) {
            for (int i = 0; i < DIRECTORIES; i++) {
                master.mkdir("/many/" + "n".repeat(240) + i);
            }
            idBefore = master.write("/kept", 10).getId();
            before = info(master);
            Iterator<BackupResponse> parts = master.admin()
                    .backup(BackupRequest.newBuilder()
                            .setCaller(master.caller())
                            .build());
            assertEquals(
                    before.getJournalSequence(), parts.next().getDescription().getSequence());
            master.delete("/kept", false);
            master.mkdir("/later");
            BackupResponse end = save(parts);
            assertEquals(Files.size(file), end.getEnd().getLengthBytes());
            assertTrue(end.getEnd().getEntries() > 2 * DIRECTORIES);
        }
        Restoration.Result result = restoration().run(false);
        assertEquals(before.getClusterId(), result.content().backup().clusterId());
        try (MasterFixture master = fixture("restored")) {
            assertEquals(before.getClusterId(), info(master).getClusterId());
            assertTrue(info(master).getEpoch() > before.getEpoch() + 1_000_000);
            assertEquals(10, master.status("/kept").getLengthBytes());
            assertEquals(DIRECTORIES, master.list("/many").size());
            assertFalse(master.list("/").contains("/later"));
            long id = master.write("/new", 5).getId();
            assertTrue(id > idBefore + (1L << 40), "an id that a lost file may have had: " + id);
            master.restart();
            assertEquals(5, master.status("/new").getLengthBytes());
        }
    }

    @Test
    void aDirectoryInUseOrNotEmptyIsRefusedAndForceKeepsWhatIsThere() throws Exception {
        try (MasterFixture master = fixture("master")) {
            master.mkdir("/a");
            save(master);
            master.mkdir("/b");
            Restoration running =
                    new Restoration(file, directory.resolve("master"), EtcdConfig.NONE, InstantSource.system());
            assertEquals(ErrorCode.ALREADY_EXISTS, code(() -> running.run(false)));
            assertEquals(ErrorCode.UNAVAILABLE, code(() -> running.run(true)));
            master.mkdir("/c");
        }
        Path used = directory.resolve("master");
        Restoration.Result result = new Restoration(file, used, EtcdConfig.NONE, InstantSource.system()).run(true);
        assertEquals(used.resolve("replaced-1"), result.replaced());
        try (MasterFixture master = fixture("master")) {
            assertTrue(master.list("/").contains("/a"));
            assertFalse(master.list("/").contains("/b"));
        }
        try (MasterFixture master = fixture("master/replaced-1")) {
            assertTrue(master.list("/").contains("/c"), "what was replaced is whole");
        }
    }

    @Test
    void anInterruptedRestorationIsBegunAgain() throws Exception {
        try (MasterFixture master = fixture("master")) {
            master.mkdir("/a");
            save(master);
        }
        Files.createDirectories(target.resolve("restoring/state"));
        Files.writeString(target.resolve("restoring/state/CURRENT"), "half");
        Files.createDirectory(target.resolve("lost+found"));
        restoration().run(false);
        try (MasterFixture master = fixture("restored")) {
            assertTrue(master.list("/").contains("/a"));
        }
        assertTrue(Files.notExists(target.resolve("restoring")));
    }

    @Test
    void everyDamagedByteIsFoundBeforeAnythingIsChanged() throws Exception {
        try (MasterFixture master = fixture("master")) {
            master.mkdir("/a/b/c");
            save(master);
        }
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            ErrorCode code = code(() -> BackupReader.read(file, puts -> {}));
            assertTrue(code == ErrorCode.CORRUPT || i < 8, "byte " + i + ": " + code);
        }
        for (int length = 0; length < whole.length; length += 9) {
            Files.write(file, Arrays.copyOf(whole, length));
            ErrorCode code = code(() -> BackupReader.read(file, puts -> {}));
            assertTrue(code == ErrorCode.CORRUPT || length < 16, "cut at " + length + ": " + code);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertEquals(ErrorCode.CORRUPT, code(() -> restoration().run(false)));
        assertTrue(Files.notExists(target));
        Files.write(file, newerFormat(whole));
        TarnException e = assertThrows(TarnException.class, () -> restoration().run(false));
        assertEquals(ErrorCode.UNSUPPORTED, e.code());
        assertTrue(e.getMessage().contains("format " + (Format.NEWEST + 1)), e.getMessage());
    }

    private static byte[] newerFormat(byte[] whole) {
        ByteBuffer newer = ByteBuffer.wrap(whole.clone()).putInt(8, Format.NEWEST + 1);
        return newer.putInt(12, BackupFormat.checksum(newer.array(), 12)).array();
    }

    private Restoration restoration() {
        return new Restoration(file, target, EtcdConfig.NONE, InstantSource.system());
    }

    private MasterFixture fixture(String name) throws TarnException {
        return new MasterFixture(directory.resolve(name), UnderStores.load());
    }

    private void save(MasterFixture master) throws Exception {
        BackupResponse end = save(master.admin()
                .backup(BackupRequest.newBuilder().setCaller(master.caller()).build()));
        assertTrue(end.hasEnd());
    }

    private BackupResponse save(Iterator<BackupResponse> parts) throws Exception {
        BackupResponse last = BackupResponse.getDefaultInstance();
        try (OutputStream out = Files.newOutputStream(file)) {
            while (parts.hasNext()) {
                last = parts.next();
                last.getContent().writeTo(out);
            }
        }
        return last;
    }

    private static GetClusterInfoResponse info(MasterFixture master) {
        return master.admin()
                .getClusterInfo(GetClusterInfoRequest.newBuilder()
                        .setCaller(master.caller())
                        .build());
    }

    private static ErrorCode code(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(TarnException.class, action).code();
    }
}
