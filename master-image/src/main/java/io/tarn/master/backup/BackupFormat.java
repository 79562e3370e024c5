package io.tarn.master.backup;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The file of a backup, big-endian: magic (8), format of the state (4), CRC32C of the 12 bytes before (4), then blocks. A block is the length of its content (4),
 * the content's CRC32C (4), and the content, which begins with its kind (1):
 *
 * <ul>
 *   <li>{@link #DESCRIPTION}, the first block: a {@link Backup}
 *   <li>{@link #ENTRIES}: name of the table, number of entries, key and value of each
 *   <li>{@link #END}, the last block: number of entries in all (8), CRC32C of the file up to this block (8)
 * </ul>
 */
final class BackupFormat {
    static final int PREAMBLE_BYTES = 16;
    static final int BLOCK_HEADER_BYTES = 8;
    /** A block ends after the entry that takes it over this size. */
    static final int BLOCK_BYTES = 64 << 10;
    /** An entry is at most as large as a batch of the journal; this leaves room. */
    static final int MAX_BLOCK_BYTES = 4 << 20;

    static final int DESCRIPTION = 1;
    static final int ENTRIES = 2;
    static final int END = 3;

    static final long MAGIC = 0x5441524E_424B5550L;

    private BackupFormat() {}

    /** @param version the {@link io.tarn.master.state.Format} of the state that follows */
    static ByteBuffer preamble(int version) {
        ByteBuffer bytes = ByteBuffer.allocate(PREAMBLE_BYTES).putLong(MAGIC).putInt(version);
        return bytes.putInt(checksum(bytes.array(), 12)).flip();
    }

    static ByteBuffer block(byte[] content) {
        return ByteBuffer.allocate(BLOCK_HEADER_BYTES + content.length)
                .putInt(content.length)
                .putInt(checksum(content, content.length))
                .put(content)
                .flip();
    }

    static int checksum(byte[] bytes, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, lengthBytes);
        return (int) crc.getValue();
    }
}
