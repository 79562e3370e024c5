package io.tarn.master.journal.embedded;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The last epoch that was begun, in a file of 12 bytes: the epoch (8), its CRC32C (4). For one thread. */
final class EpochFile {
    private static final String NAME = "epoch";
    private static final int LENGTH_BYTES = 12;

    private final LogFiles files;

    EpochFile(LogFiles files) {
        this.files = files;
    }

    boolean exists() throws IOException {
        return files.names().contains(NAME);
    }

    long read() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LENGTH_BYTES);
        if (exists()) {
            files.read(NAME, content, 0);
        }
        long epoch = content.getLong(0);
        if (content.hasRemaining() || epoch < 0 || content.getInt(8) != checksum(epoch)) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    files.location(NAME)
                            + ", offset 0: the number of the last epoch is missing or damaged; restore the file from a copy, or"
                            + " the whole master directory from a backup");
        }
        return epoch;
    }

    void write(long epoch) throws IOException {
        files.replace(
                NAME,
                ByteBuffer.allocate(LENGTH_BYTES)
                        .putLong(epoch)
                        .putInt(checksum(epoch))
                        .array());
    }

    private static int checksum(long epoch) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(epoch).flip());
        return (int) crc.getValue();
    }
}
