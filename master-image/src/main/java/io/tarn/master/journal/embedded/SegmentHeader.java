package io.tarn.master.journal.embedded;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment, big-endian: magic (8), format version (4), zero (4), sequence of the first batch (8), size of the file (8), zero (28),
 * CRC32C of the 60 bytes before it (4). Frames follow; the rest of the file is zeros.
 */
record SegmentHeader(long firstSequence, long sizeBytes) {
    static final int LENGTH_BYTES = 64;
    private static final int CHECKED_BYTES = LENGTH_BYTES - 4;
    private static final long MAGIC = 0x5441524E_4A524E4CL;
    private static final int FORMAT_VERSION = 1;

    ByteBuffer encode() {
        ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES);
        header.putLong(MAGIC)
                .putInt(FORMAT_VERSION)
                .putInt(0)
                .putLong(firstSequence)
                .putLong(sizeBytes);
        return header.putInt(CHECKED_BYTES, checksum(header)).clear();
    }

    /** @param location names the file in messages */
    static SegmentHeader decode(ByteBuffer header, String location) throws TarnException {
        if (header.getLong(0) != MAGIC || header.getInt(CHECKED_BYTES) != checksum(header)) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    location + ", offset 0: the header of this journal segment is damaged; " + LogRecovery.WAY_OUT);
        }
        int version = header.getInt(8);
        if (version != FORMAT_VERSION) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    location + " has journal format " + version + " and this release reads format " + FORMAT_VERSION
                            + ": start the release that wrote it, or a newer one");
        }
        return new SegmentHeader(header.getLong(16), header.getLong(24));
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(0).limit(CHECKED_BYTES));
        return (int) crc.getValue();
    }
}
