package io.tarn.worker.page.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.id.FileVersion;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class IndexFormatTest {
    private static final IndexHeader HEADER = new IndexHeader(
            3,
            2,
            0x1122334455667788L,
            FileVersion.owned(7, 1),
            3_150_049,
            0,
            1 << 20,
            1,
            64,
            0,
            true,
            false,
            false,
            false);

    /** Bytes written by release 0.1: what later releases must read. */
    private static final String HEADER_OF_FORMAT_1 =
            "5441524e50494458000000010000000100000000000000030000000000000007000000000000000100000000"
                    + "003010e1001000000000000100000040000000001122334455667788000000000000000000000000000000020000000093fb12d8";

    @Test
    void headersAreReadAsWritten() {
        assertEquals(HEADER, IndexFormat.read(IndexFormat.write(HEADER)));
        IndexHeader flags =
                HEADER.withExported().withFlushedBytes(77).asDurable().asCopy();
        assertEquals(flags, IndexFormat.read(IndexFormat.write(flags)));
        IndexHeader mounted = HEADER.asPersisted(FileVersion.mirrored(1, "f", "1"), 0x1234_8765_4321L);
        assertEquals(mounted, IndexFormat.read(IndexFormat.write(mounted)));
    }

    @Test
    void format1StaysWhatItIs() {
        String written = HexFormat.of().formatHex(IndexFormat.write(HEADER).array());
        assertEquals(HEADER_OF_FORMAT_1, written);
    }

    @Test
    void ofTwoCopiesTheNewerWholeOneHolds() {
        ByteBuffer start = ByteBuffer.allocate(IndexFormat.ENTRIES_OFFSET);
        IndexHeader newer = HEADER.withFileBytes(5);
        start.put(0, IndexFormat.write(newer).array());
        start.put(IndexFormat.SECOND_HEADER_OFFSET, IndexFormat.write(HEADER).array());
        assertEquals(newer, IndexFormat.read(start));
        start.put(20, (byte) 99);
        assertEquals(HEADER, IndexFormat.read(start));
        start.put(IndexFormat.SECOND_HEADER_OFFSET + 20, (byte) 99);
        assertNull(IndexFormat.read(start));
        assertNull(IndexFormat.read(ByteBuffer.allocate(5)));
    }

    @Test
    void entriesKeepChecksumAndLength() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            long salt = random.nextLong();
            int page = random.nextInt(1 << 24);
            int crc = random.nextInt();
            int length = 1 + random.nextInt(1 << 20);
            long entry = IndexFormat.entry(salt, page, crc, length);
            assertTrue(IndexFormat.isValid(entry, salt, page));
            assertEquals(crc, IndexFormat.crc32cOf(entry));
            assertEquals(length, IndexFormat.lengthBytesOf(entry));
            assertNotEquals(0, entry);
        }
    }

    @Test
    void damageOfUpToElevenNeighbouringBitsIsSeen() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 10_000; i++) {
            long salt = random.nextLong();
            long entry = IndexFormat.entry(salt, i, random.nextInt(), 1 + random.nextInt(1 << 20));
            long burst = 1 + random.nextInt((1 << 11) - 1);
            long damaged = entry ^ burst << random.nextInt(54);
            assertFalse(IndexFormat.isValid(damaged, salt, i), () -> Long.toHexString(entry) + " " + burst);
        }
    }

    @Test
    void entriesOfOtherPagesAndFilesAreMostlySeen() {
        SplittableRandom random = new SplittableRandom(3);
        int passed = 0;
        for (int i = 0; i < 10_000; i++) {
            long salt = random.nextLong();
            long entry = IndexFormat.entry(salt, i, random.nextInt(), 1 << 20);
            passed += IndexFormat.isValid(entry, salt, i + 1) ? 1 : 0;
            passed += IndexFormat.isValid(entry, salt + 1, i) ? 1 : 0;
        }
        assertTrue(passed < 40, passed + " of 20000 passed, where one in 2048 may");
    }
}
