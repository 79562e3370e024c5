package io.tarn.protocol.checksum;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), the checksum of pages and of data on the wire. */
public final class PageChecksum {
    private PageChecksum() {}

    /** The CRC32C of the remaining bytes; the buffer's position is left as it was. */
    public static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
