package io.tarn.worker.page.index;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.id.FileVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The page index, format 1 (Tarn 0.1). All numbers are big-endian.
 *
 * <pre>
 *      0  header, first copy     (96 bytes)
 *    512  header, second copy    (in a sector of its own, so that no torn write can spoil both)
 *   1024  one entry of 8 bytes a page
 *
 *   header:  0 magic "TARNPIDX"            48 int32  page size in bytes
 *            8 int32  format version       52 int32  segment number
 *           12 int32  flags                56 int32  pages a segment
 *           16 int64  header sequence      60 int32  mount, upper half
 *           24 int64, int64 file version   64 int64  salt, 72 int64 flushed, 80 int64 generation
 *           40 int64  file length or -1    88 int32  mount, lower half; 92 int32 CRC32C of the 92 bytes before
 *   flags:   1 persisted   2 exported   4 copying   8 durable
 *
 *   entry:   bits 63..32 CRC32C of the page's bytes
 *            bits 31..12 length of the page in bytes, less one
 *            bit  11     1 (so that no entry is zero; an entry of zeros says that the page is absent)
 *            bits 10..0  check: CRC-11 of the other bits, xor a hash of page number and salt
 * </pre>
 *
 * A page's bytes are written before its entry; an entry is cleared before its hole is punched. A header is rewritten first copy first. The check makes
 * a damaged entry (every flip of up to 11 neighbouring bits), or one that belongs to another file or place, visible, and costs that page only. The salt
 * is random and stays through moves and renames, so that a change of the file version rewrites no entries.
 *
 * <p>Version history: 1 (release 0.1; the field "mount" came with 0.2, where 0.1 has zeros).
 */
public final class IndexFormat {
    public static final int VERSION = 1;
    public static final int HEADER_BYTES = 96;
    public static final int SECOND_HEADER_OFFSET = 512;
    public static final int ENTRIES_OFFSET = 1024;
    public static final int ENTRY_BYTES = 8;

    private static final long MAGIC = 0x5441524E50494458L;
    private static final int PERSISTED = 1;
    private static final int EXPORTED = 2;
    private static final int COPYING = 4;
    private static final int DURABLE = 8;
    private static final int CHECKED_BYTES = HEADER_BYTES - 4;
    private static final long PRESENT = 1L << 11;
    private static final long CHECK_MASK = PRESENT - 1;

    /** x^11 + x^9 + x^8 + x^7 + x^2 + 1, as FlexRay uses it. */
    private static final long CRC11_POLYNOMIAL = 0x385;

    private IndexFormat() {}

    /** Where the entry of a page lies in the index file. */
    public static long entryOffset(int pageInSegment) {
        return ENTRIES_OFFSET + (long) ENTRY_BYTES * pageInSegment;
    }

    /** The header's bytes, ready to be written at offset 0 and at {@link #SECOND_HEADER_OFFSET}. */
    public static ByteBuffer write(IndexHeader header) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.BIG_ENDIAN);
        int flags = (header.persisted() ? PERSISTED : 0)
                | (header.exported() ? EXPORTED : 0)
                | (header.copying() ? COPYING : 0)
                | (header.durable() ? DURABLE : 0);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(flags).putLong(header.sequence());
        bytes.putLong(header.version().high()).putLong(header.version().low()).putLong(header.fileBytes());
        bytes.putInt(header.pageBytes()).putInt(header.segmentNumber()).putInt(header.segmentPages());
        bytes.putInt(60, (int) (header.mountId() >>> 32));
        bytes.putInt(88, (int) header.mountId());
        bytes.putLong(64, header.salt());
        bytes.putLong(72, header.flushedBytes());
        bytes.putLong(80, header.generation());
        bytes.putInt(
                CHECKED_BYTES, PageChecksum.of(bytes.duplicate().position(0).limit(CHECKED_BYTES)));
        return bytes.position(0);
    }

    /**
     * The valid header with the highest sequence among the two copies.
     *
     * @param start the first {@link #ENTRIES_OFFSET} bytes of the file, or what there is
     * @return null where neither copy is whole
     */
    public static @Nullable IndexHeader read(ByteBuffer start) {
        IndexHeader first = readCopy(start, 0);
        IndexHeader second = readCopy(start, SECOND_HEADER_OFFSET);
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return second.sequence() > first.sequence() ? second : first;
    }

    private static @Nullable IndexHeader readCopy(ByteBuffer start, int offset) {
        if (start.limit() < offset + HEADER_BYTES) {
            return null;
        }
        ByteBuffer bytes = start.slice(offset, HEADER_BYTES).order(ByteOrder.BIG_ENDIAN);
        if (bytes.getLong(0) != MAGIC
                || bytes.getInt(8) != VERSION
                || bytes.getInt(CHECKED_BYTES) != PageChecksum.of(bytes.slice(0, CHECKED_BYTES))) {
            return null;
        }
        int flags = bytes.getInt(12);
        return new IndexHeader(
                bytes.getLong(16),
                bytes.getLong(80),
                bytes.getLong(64),
                new FileVersion(bytes.getLong(24), bytes.getLong(32)),
                bytes.getLong(40),
                bytes.getLong(72),
                bytes.getInt(48),
                bytes.getInt(52),
                bytes.getInt(56),
                (long) bytes.getInt(60) << 32 | Integer.toUnsignedLong(bytes.getInt(88)),
                (flags & PERSISTED) != 0,
                (flags & EXPORTED) != 0,
                (flags & COPYING) != 0,
                (flags & DURABLE) != 0);
    }

    /** @param lengthBytes 1 to 2^20 */
    public static long entry(long salt, int pageInSegment, int crc32c, int lengthBytes) {
        long content = (long) crc32c << 32 | (long) (lengthBytes - 1) << 12 | PRESENT;
        return content | check(content, salt, pageInSegment);
    }

    /** Whether a non-zero entry is whole and belongs to this page. */
    public static boolean isValid(long entry, long salt, int pageInSegment) {
        long content = entry & ~CHECK_MASK;
        return (entry & PRESENT) != 0 && (entry & CHECK_MASK) == check(content, salt, pageInSegment);
    }

    public static int crc32cOf(long entry) {
        return (int) (entry >>> 32);
    }

    public static int lengthBytesOf(long entry) {
        return (int) (entry >>> 12 & 0xFFFFF) + 1;
    }

    private static long check(long content, long salt, int pageInSegment) {
        long mixed = (salt ^ pageInSegment) * 0x9E3779B97F4A7C15L;
        return (crc11(content >>> 11) ^ mixed >>> 32) & CHECK_MASK;
    }

    private static long crc11(long bits) {
        long remainder = 0;
        for (int bit = 52; bit >= 0; bit--) {
            long top = remainder >>> 10 ^ bits >>> bit & 1;
            remainder = (remainder << 1 ^ (top & 1) * CRC11_POLYNOMIAL) & CHECK_MASK;
        }
        return remainder;
    }
}
