package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.ExportedSegment;
import io.tarn.worker.page.PageCondition;
import io.tarn.worker.page.PinnedVersions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A descriptor or a mapping that left the worker reads right bytes whatever happens to the file. */
final class ExportTest {
    private static final FileVersion VERSION = Pattern.version(1);
    private static final long LENGTH = 2 * MIB + 4321;

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
    void withoutAViewNothingIsHandedOut() throws TarnException {
        try (TieredPageStore store = fixture.openMem(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            Pattern.storeAll(file, LENGTH);
            assertCode(ErrorCode.UNSUPPORTED, file);
        }
    }

    @Test
    void onlyWholeFilesAreHandedOut() throws TarnException {
        try (TieredPageStore store = openWithView(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            Pattern.store(file, 0, LENGTH);
            assertCode(ErrorCode.NOT_FOUND, file);
        }
    }

    @Test
    void everyPageIsCheckedBeforeTheFirstExport() throws IOException {
        storeWhole();
        Files.delete(fixture.mem.resolve("clean"));
        try (TieredPageStore store = openWithView(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            file.export().forEach(ExportedSegment::close);
            file.export().forEach(ExportedSegment::close);
            assertEquals(3, fixture.count("verified_pages_total"));
        }
        Path data = SegmentPaths.of(fixture.mem, VERSION, 0).data();
        byte[] bytes = Files.readAllBytes(data);
        bytes[5]++;
        Files.write(data, bytes);
        Files.delete(fixture.mem.resolve("clean"));
        try (TieredPageStore store = openWithView(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            assertCode(ErrorCode.NOT_FOUND, file);
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // the moment of the unmapping is what this is about
    void aHeldFileReadsRightThroughEvictionRestartAndDeletion() throws IOException {
        storeWhole();
        Arena arena = Arena.ofConfined();
        MemorySegment mapping;
        try (TieredPageStore store = openWithView(16)) {
            mapping = map(store, arena);
            press(store);
            assertRight(mapping);
            try (CachedFile file = store.find(VERSION)) {
                assertNotNull(file);
                assertTrue(file.fullyCached());
            }
        }
        try (TieredPageStore store = openWithView(16)) {
            press(store);
            assertRight(mapping);
            long before = store.usage().getFirst().getUsedBytes();
            store.delete(VERSION);
            store.mover().round();
            assertRight(mapping);
            assertEquals(before, store.usage().getFirst().getUsedBytes());
            long held = store.usage().getFirst().getUsedBytes();
            arena.close();
            store.mover().round();
            assertTrue(store.usage().getFirst().getUsedBytes() <= held - LENGTH);
        }
    }

    @Test
    void aHeldDescriptorReadsRightThroughEvictionRestartRepairAndDeletion() throws IOException {
        storeWhole();
        FileChannel held;
        try (TieredPageStore store = openWithView(16)) {
            held = descriptor(store);
            press(store);
            assertRight(held);
        }
        try (held) {
            try (TieredPageStore store = openWithView(16);
                    CachedFile file = store.open(VERSION, LENGTH, true)) {
                assertRight(held);
                flip(MIB + 7);
                assertEquals(PageCondition.DROPPED, file.check(1));
                assertTrue(Pattern.store(file, 1, LENGTH), "in its place, which no hole has taken");
                assertRight(held);
                press(store);
                store.delete(VERSION);
                press(store);
                assertRight(held);
            }
            try (TieredPageStore store = openWithView(16)) {
                press(store);
                assertRight(held);
            }
        }
    }

    private static FileChannel descriptor(TieredPageStore store) throws IOException {
        try (CachedFile file = store.open(VERSION, LENGTH, true);
                ExportedSegment segment = file.export().getFirst()) {
            return FileChannel.open(segment.path());
        }
    }

    private static void assertRight(FileChannel held) throws IOException {
        for (int page = 0; page < 3; page++) {
            int length = Pattern.lengthOf(LENGTH, page);
            ByteBuffer bytes = ByteBuffer.allocate(length);
            assertEquals(length, held.read(bytes, page * MIB));
            assertEquals(Pattern.page(VERSION, page, length), bytes.flip());
        }
    }

    private void flip(long offset) throws IOException {
        Path data = SegmentPaths.of(fixture.mem, VERSION, 0).data();
        try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 8));
            channel.write(one.flip(), offset);
        }
    }

    @Test
    void whereNothingElseCanGoExportedFilesAreUnlinkedWhole() throws IOException {
        try (TieredPageStore store = openWithView(16)) {
            for (int number = 0; number < 3; number++) {
                try (CachedFile file = store.open(Pattern.version(number), 4 * MIB, true)) {
                    Pattern.storeAll(file, 4 * MIB);
                    file.export().forEach(ExportedSegment::close);
                }
            }
            try (CachedFile owned = store.open(FileVersion.owned(3, 1), 10 * MIB, false)) {
                assertTrue(Pattern.storeAll(owned, 10 * MIB));
            }
            assertEquals(2, store.files());
        }
    }

    @Test
    void aPathThatWasHandedOutStaysUntilItIsGivenBack() throws IOException {
        try (TieredPageStore store = openWithView(16);
                CachedFile file = store.open(VERSION, 4 * MIB, true)) {
            Pattern.storeAll(file, 4 * MIB);
            List<ExportedSegment> segments = file.export();
            try (CachedFile owned = store.open(FileVersion.owned(3, 1), -1, false)) {
                assertThrows(TarnException.class, () -> {
                    for (int page = 0; page < 16; page++) {
                        Pattern.store(owned, page, 16 * MIB);
                    }
                });
                assertTrue(Files.exists(segments.getFirst().path()));
                segments.getFirst().close();
                assertTrue(Pattern.store(owned, 15, 16 * MIB));
                assertFalse(Files.exists(segments.getFirst().path()));
            }
        }
    }

    private void storeWhole() throws TarnException {
        try (TieredPageStore store = openWithView(64);
                CachedFile file = store.open(VERSION, LENGTH, true)) {
            Pattern.storeAll(file, LENGTH);
        }
    }

    private static MemorySegment map(TieredPageStore store, Arena arena) throws IOException {
        try (CachedFile file = store.open(VERSION, LENGTH, true);
                ExportedSegment segment = file.export().getFirst();
                FileChannel channel = FileChannel.open(segment.path())) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH, arena);
        }
    }

    /** More data than there is room for. */
    private static void press(TieredPageStore store) throws TarnException {
        for (int number = 10; number < 20; number++) {
            try (CachedFile file = store.open(Pattern.version(number), 4 * MIB, true)) {
                assertTrue(Pattern.storeAll(file, 4 * MIB));
            }
        }
        store.mover().round();
    }

    private static void assertRight(MemorySegment mapping) {
        ByteBuffer bytes = mapping.asByteBuffer();
        for (int page = 0; page < 3; page++) {
            int length = Pattern.lengthOf(LENGTH, page);
            assertEquals(Pattern.page(VERSION, page, length), bytes.slice((int) (page * MIB), length));
        }
    }

    private TieredPageStore openWithView(long memMib) throws TarnException {
        return TieredPageStore.openIdle(
                StoreFixture.settings(List.of(fixture.mem), memMib, List.of(), 16),
                ReadOnlyViews.of(Map.of(fixture.mem, fixture.mem)),
                PinnedVersions.NONE,
                fixture.registry);
    }

    private static void assertCode(ErrorCode code, CachedFile file) {
        assertEquals(code, assertThrows(TarnException.class, file::export).code());
    }
}
