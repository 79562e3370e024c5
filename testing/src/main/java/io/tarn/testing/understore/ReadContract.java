package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading exactly a version, exactly a range. */
interface ReadContract extends ContractSubject {
    @Test
    default void readsWholeFilesAndRanges() throws Exception {
        byte[] content = StoreProbe.bytes(3_000_001, 1);
        StoreStatus status = probe().put("a/ranges", content);
        assertArrayEquals(content, probe().get("a/ranges"));
        for (int[] range : new int[][] {{0, 1}, {1, 0}, {1_048_575, 2}, {2_999_990, 11}, {1_000, 2_000_000}}) {
            assertArrayEquals(
                    Arrays.copyOfRange(content, range[0], range[0] + range[1]),
                    probe().get(status, range[0], range[1]));
        }
    }

    @Test
    default void readsEmptyFiles() throws Exception {
        StoreStatus status = probe().put("empty", new byte[0]);
        assertEquals(0, status.lengthBytes());
        assertEquals(0, probe().get("empty").length);
    }

    @Test
    default void aRangeBeyondTheEndFails() throws Exception {
        StoreStatus status = probe().put("short", "12345");
        probe().fails(
                        () -> probe().get(status, 3, 3),
                        ErrorCode.STORE_CHANGED,
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    default void aReplacedFileIsChanged() throws Exception {
        StoreStatus first = probe().put("file", "first content");
        StoreStatus second = behindTheBack().put("file", "other content");
        assertNotEquals(first.versionTag(), second.versionTag());
        probe().fails(() -> probe().get(first, 0, first.lengthBytes()), ErrorCode.STORE_CHANGED);
        assertEquals("other content", probe().text("file"));
    }

    @Test
    default void aDeletedFileIsChanged() throws Exception {
        StoreStatus status = probe().put("file", "content");
        assertTrue(behindTheBack().store().deleteFile("file", ""));
        probe().fails(() -> probe().get(status, 0, 7), ErrorCode.STORE_CHANGED);
        assertTrue(store().status("file").isEmpty());
    }

    @Test
    default void aFileReplacedInTheMiddleOfAReadNeverMixes() throws Exception {
        byte[] before = StoreProbe.bytes(4 << 20, 2);
        StoreStatus status = probe().put("file", before);
        byte[] received = new byte[before.length];
        int[] position = {0};
        boolean complete = false;
        try {
            store().read("file", status.versionTag(), 0, before.length, piece -> {
                if (position[0] == 0) {
                    behindTheBack().put("file", StoreProbe.bytes(before.length, 3));
                }
                int count = piece.remaining();
                piece.get(received, position[0], count);
                position[0] += count;
            });
            complete = true;
        } catch (TarnException e) {
            assertEquals(ErrorCode.STORE_CHANGED, e.code(), e.getMessage());
        }
        if (complete) {
            assertArrayEquals(before, received, "a read that succeeds gives the version that was asked for");
        }
    }

    @Test
    default void whatTheSinkThrowsIsPassedOn() throws Exception {
        StoreStatus status = probe().put("file", StoreProbe.bytes(1 << 20, 4));
        TarnException full = new TarnException(ErrorCode.NO_SPACE, "the sink is full");
        TarnException caught = assertThrows(
                TarnException.class,
                () -> store().read("file", status.versionTag(), 0, status.lengthBytes(), piece -> {
                    throw full;
                }));
        assertSame(full, caught);
        assertEquals(1 << 20, probe().get("file").length, "and the store goes on");
    }

    @Test
    default void manyThreadsReadAtOnce() throws Exception {
        byte[] content = StoreProbe.bytes(2 << 20, 5);
        StoreStatus status = probe().put("file", content);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> reads = IntStream.range(0, 64)
                    .mapToObj(i -> threads.submit(() -> probe().get(status, i * 32_768L, 32_768)))
                    .toList();
            for (int i = 0; i < reads.size(); i++) {
                assertArrayEquals(
                        Arrays.copyOfRange(content, i * 32_768, (i + 1) * 32_768),
                        reads.get(i).get());
            }
        }
    }

    @Test
    default void figuresCountBytesAndRequests() throws Exception {
        StoreStatus status = probe().put("file", StoreProbe.bytes(100_000, 6));
        probe().get(status, 0, 60_000);
        assertEquals(60_000, probe().figures("get").bytes());
        assertTrue(probe().figures("get").requests() >= 1);
        assertEquals(100_000, probe().figures("put").bytes());
    }
}
