package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PinnedVersions;
import io.tarn.worker.page.TierSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Directories that cannot be used are refused by a message that names the setting; directories that fill up behind the worker's back are survived. */
final class TierDirectoriesTest {
    private StoreFixture fixture;

    @BeforeEach
    void makeDirectories() throws IOException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    @Test
    void aDirectoryBelongsToOneProcess() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64)) {
            assertEquals(0, store.files());
            assertRefused("worker.tiers.mem.paths", StoreFixture.settings(List.of(fixture.mem), 64, List.of(), 16));
        }
        fixture.openMem(64).close();
    }

    @Test
    void aPathThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(fixture.ssd.resolve("file"), "no directory");
        assertRefused("worker.tiers.ssd.paths", StoreFixture.settings(List.of(fixture.mem), 64, List.of(file), 16));
        fixture.openMem(64).close();
    }

    @Test
    void moreThanTheDiskHoldsIsRefused() {
        assertRefused(
                "worker.tiers.mem.capacity", StoreFixture.settings(List.of(fixture.mem), 1L << 32, List.of(), 16));
    }

    @Test
    void aWorkerWithoutTiersOrWithOneNamedTwiceIsRefused() {
        assertRefused("worker.tiers", StoreFixture.settings(List.of(), 64, List.of(), 16));
        assertRefused(
                "worker.tiers.mem.paths", StoreFixture.settings(List.of(fixture.mem, fixture.mem), 64, List.of(), 16));
    }

    @Test
    void aReadOnlyDirectoryIsRefused() throws Exception {
        mountTmpfs(fixture.ssd, "size=32m,ro");
        try {
            assertRefused("worker.tiers.mem.paths", StoreFixture.settings(List.of(fixture.ssd), 16, List.of(), 16));
        } finally {
            unmount(fixture.ssd);
        }
    }

    @Test
    void aDiskThatOthersFillIsSurvived() throws Exception {
        mountTmpfs(fixture.ssd, "size=40m");
        try (TieredPageStore store = TieredPageStore.openIdle(
                        StoreFixture.settings(List.of(fixture.ssd), 32, List.of(), 16),
                        ReadOnlyViews.none(),
                        PinnedVersions.NONE,
                        fixture.registry);
                CachedFile file = store.open(Pattern.version(1), 8 * MIB, true)) {
            assertTrue(Pattern.storeAll(file, 8 * MIB));
            Path foreign = Files.write(fixture.ssd.resolve("foreign"), new byte[(int) (26 * MIB)]);
            try (CachedFile more = store.open(Pattern.version(2), 16 * MIB, true)) {
                assertTrue(Pattern.storeAll(more, 16 * MIB), "pages of others make room");
                assertTrue(store.usage().getFirst().getUsedBytes() <= 14 * MIB);
                for (int page = 0; page < 16; page++) {
                    assertTrue(!more.hasPage(page) || Pattern.isRight(more, page, 16 * MIB));
                }
            }
            try (CachedFile owned = store.open(FileVersion.owned(4, 1), -1, false)) {
                TarnException refused = assertThrows(TarnException.class, () -> {
                    for (int page = 0; page < 20; page++) {
                        Pattern.store(owned, page, 20 * MIB);
                    }
                });
                assertEquals(ErrorCode.NO_SPACE, refused.code());
                Files.delete(foreign);
                store.mover().round();
                assertTrue(Pattern.store(owned, 19, 20 * MIB));
            }
        } finally {
            unmount(fixture.ssd);
        }
    }

    private void assertRefused(String setting, TierSettings settings) {
        TarnException refused = assertThrows(
                TarnException.class,
                () -> TieredPageStore.open(settings, fixture.registry).close());
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertTrue(String.valueOf(refused.getMessage()).contains(setting), refused.getMessage());
        assertFalse(String.valueOf(refused.getMessage()).contains("null"), refused.getMessage());
    }

    private static void mountTmpfs(Path directory, String options) throws Exception {
        if (run("mount", "-t", "tmpfs", "-o", options, "tarn-test", directory.toString()) != 0) {
            abort("needs root to mount a small tmpfs: run as root to try full and read-only directories");
        }
    }

    private static void unmount(Path directory) throws Exception {
        assertEquals(0, run("umount", "-l", directory.toString()));
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
