package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.LimitedUnderStore;
import io.tarn.understore.StoreLimits;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import io.tarn.understore.limit.TokenBucket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a mount's limits slow it down, on a clock that only waiting moves. */
final class LimitedUnderStoreTest {
    private static final int RATE = 1 << 20;
    private static final double EXACT = 1e-6;

    private long now;
    private final MemoryUnderStore memory = new MemoryUnderStore("memory:///", () -> 1);

    private TokenBucket bucket(long perSecond) {
        return new TokenBucket(perSecond, () -> now, nanos -> now += nanos);
    }

    private double seconds() {
        return now / 1e9;
    }

    @Test
    void bytesAreReadAtTheRateAfterABurstOfOneSecond() throws Exception {
        StoreStatus file = new StoreProbe(memory).put("file", StoreProbe.bytes(5 * RATE, 1));
        StoreProbe limited = new StoreProbe(new LimitedUnderStore(memory, new StoreLimits(null, bucket(RATE), null)));
        assertArrayEquals(StoreProbe.bytes(RATE, 1), limited.get(file, 0, RATE));
        assertEquals(0, seconds(), EXACT);
        limited.get(file, RATE, 4 * RATE);
        assertEquals(4, seconds(), EXACT);
    }

    @Test
    void bytesAreWrittenAtTheRate() throws Exception {
        UnderStore limited = new LimitedUnderStore(memory, new StoreLimits(null, null, bucket(RATE)));
        new StoreProbe(limited).put("file", StoreProbe.bytes(3 * RATE, 2));
        assertEquals(2, seconds(), EXACT);
        new StoreProbe(limited).get("file");
        assertEquals(2, seconds(), EXACT, "reads are not bounded");
    }

    @Test
    void requestsAreCountedEachAndListingsByTheirPages() throws Exception {
        StoreProbe direct = new StoreProbe(memory);
        for (int file = 0; file < 2_500; file++) {
            direct.put("many/" + file, "");
        }
        UnderStore limited = new LimitedUnderStore(memory, new StoreLimits(bucket(1), null, null));
        StoreProbe probe = new StoreProbe(limited);
        probe.status("many/1");
        assertEquals(0, seconds(), EXACT);
        probe.status("many/1");
        assertEquals(1, seconds(), EXACT);
        assertEquals(2_500, probe.names("many").size());
        assertEquals(4, seconds(), EXACT, "three pages of a thousand");
        probe.put("one", "x");
        assertEquals(6, seconds(), EXACT, "start and commit");
    }

    @Test
    void aMountWithALimitIsHeldToIt(@TempDir Path directory) throws TarnException {
        MountOptions options =
                MountOptions.newBuilder().setReadBytesPerSecond(1).build();
        try (UnderStore store = UnderStores.load().open(directory.toString(), options)) {
            assertInstanceOf(LimitedUnderStore.class, store);
        }
    }
}
