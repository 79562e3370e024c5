package io.tarn.master.journal.embedded;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the segments cannot tell of themselves, in a small file: the last epoch that was begun (8), its CRC32C (4); then the first sequence of the newest
 * segment (8), so that a lost segment is noticed and not taken for the end of the log, and the CRC32C of the 20 bytes before (4). The first part alone is
 * read too: there was no more at first. For one thread.
 */
final class EpochFile {
    private static final String NAME = "epoch";
    private static final int EPOCH_BYTES = 12;
    private static final int LENGTH_BYTES = 24;

    private final LogFiles files;

    /** @param newestSegment 0 where the file does not say */
    record Content(long epoch, long newestSegment) {}

    EpochFile(LogFiles files) {
        this.files = files;
    }

    boolean exists() throws IOException {
        return files.names().contains(NAME);
    }

    Content read() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LENGTH_BYTES);
        if (exists()) {
            files.read(NAME, content, 0);
        }
        int length = content.position();
        long epoch = content.getLong(0);
        boolean whole = length == LENGTH_BYTES && content.getInt(LENGTH_BYTES - 4) == checksum(content, 20);
        boolean firstPartOnly = length == EPOCH_BYTES;
        if ((!whole && !firstPartOnly) || epoch < 0 || content.getInt(8) != checksum(content, 8)) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    files.location(NAME) + ", offset 0: the number of the last epoch is missing or damaged; "
                            + LogRecovery.WAY_OUT);
        }
        return new Content(epoch, whole ? content.getLong(EPOCH_BYTES) : 0);
    }

    void write(Content content) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES).putLong(content.epoch);
        bytes.putInt(checksum(bytes, 8)).putLong(content.newestSegment);
        files.replace(NAME, bytes.putInt(checksum(bytes, 20)).array());
    }

    private static int checksum(ByteBuffer bytes, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().clear().limit(lengthBytes));
        return (int) crc.getValue();
    }
}
