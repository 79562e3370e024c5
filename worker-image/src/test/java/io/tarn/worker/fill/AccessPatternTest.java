package io.tarn.worker.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tarn.protocol.frame.FrameHeader;
import org.junit.jupiter.api.Test;

/** How far ahead of which reads is fetched. */
final class AccessPatternTest {
    private static final long MIB = 1 << 20;

    private final AccessPattern pattern = new AccessPattern(64 * MIB, 8 * MIB);

    private long window(long offset, long lengthBytes, int flags) {
        AccessPattern.Stream stream = pattern.read(offset, lengthBytes, flags);
        return stream == null ? 0 : stream.windowBytes();
    }

    private long window(long offset, long lengthBytes) {
        return window(offset, lengthBytes, 0);
    }

    @Test
    void smallReadsCountAsAStreamFromTheThirdOn() {
        assertEquals(0, window(0, 4096));
        assertEquals(0, window(4096, 4096));
        assertEquals(2 * MIB, window(8192, 4096));
        assertEquals(4 * MIB, window(12288, 4096));
    }

    @Test
    void ofWholePagesTheSecondIsEnough() {
        assertEquals(0, window(10 * MIB, MIB));
        assertEquals(4 * MIB, window(11 * MIB, MIB));
        assertEquals(8 * MIB, window(12 * MIB, MIB));
    }

    @Test
    void largeReadsThatOnlyOverlapAreNoStream() {
        assertEquals(0, window(10 * MIB, 2 * MIB));
        assertEquals(0, window(11 * MIB, 2 * MIB));
    }

    @Test
    void theWindowIsBounded() {
        for (int read = 0; read < 20; read++) {
            window(read * MIB, MIB);
        }
        assertEquals(64 * MIB, window(20 * MIB, MIB));
    }

    @Test
    void afterAJumpAsMuchIsExpectedAsWasReadBefore() {
        for (int read = 0; read < 6; read++) {
            window(read * MIB, MIB);
        }
        assertEquals(5 * MIB, window(100 * MIB, MIB));
        for (int read = 1; read < 32; read++) {
            window((100 + read) * MIB, MIB);
        }
        assertEquals(8 * MIB, window(500 * MIB, MIB), "no more than one request, before it is read on there");
        assertEquals(0, window(700 * MIB, MIB), "the last place was not read on");
    }

    @Test
    void randomReadsAreLeftAlone() {
        for (int read = 0; read < 100; read++) {
            assertEquals(0, window((read * 37L % 100) * 3 * MIB, 65_536));
        }
    }

    @Test
    void whatTheReaderDeclaresGoes() {
        assertEquals(2 * MIB, window(5 * MIB, 4096, FrameHeader.SEQUENTIAL));
        for (int read = 0; read < 10; read++) {
            assertNull(pattern.read(read * MIB, MIB, FrameHeader.RANDOM));
        }
    }

    @Test
    void withoutAWindowNothingIsFetchedAhead() {
        AccessPattern off = new AccessPattern(0, 8 * MIB);
        assertNull(off.read(0, MIB, FrameHeader.SEQUENTIAL));
        assertNotNull(pattern.read(0, MIB, FrameHeader.SEQUENTIAL));
    }
}
