package io.tarn.master.journal.etcd;

import io.etcd.jetcd.ByteSequence;
import io.tarn.master.journal.Journal;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The value of a batch's key: version (1 byte), sequence (8), epoch (8), batch id (16), CRC32C of all else (4), records. The id tells one try to append from
 * another's.
 */
record BatchValue(long sequence, long epoch, UUID batchId, byte[] records) {
    private static final byte VERSION = 1;
    private static final int CHECKSUM_AT = 33;
    static final int HEADER_BYTES = 37;

    ByteSequence encode() {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + records.length)
                .put(VERSION)
                .putLong(sequence)
                .putLong(epoch)
                .putLong(batchId.getMostSignificantBits())
                .putLong(batchId.getLeastSignificantBits())
                .putInt(0)
                .put(records)
                .flip();
        bytes.putInt(CHECKSUM_AT, PageChecksum.of(bytes.duplicate()));
        return ByteSequence.from(bytes.array());
    }

    /** @throws TarnException CORRUPT, UNSUPPORTED for another release's format */
    static BatchValue decode(long sequence, ByteSequence value) throws TarnException {
        ByteBuffer bytes = ByteBuffer.wrap(value.getBytes());
        if (bytes.remaining() <= HEADER_BYTES) {
            throw corrupt(sequence, "it has only " + bytes.remaining() + " bytes");
        }
        byte version = bytes.get(0);
        if (version != VERSION) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    "batch " + sequence + " of the journal in etcd has format " + version
                            + ", which this release cannot read: run the release that wrote it, or a newer one");
        }
        int checksum = bytes.getInt(CHECKSUM_AT);
        bytes.putInt(CHECKSUM_AT, 0);
        if (PageChecksum.of(bytes.duplicate()) != checksum) {
            throw corrupt(sequence, "its checksum does not match");
        }
        bytes.get();
        BatchValue batch = new BatchValue(
                bytes.getLong(),
                bytes.getLong(),
                new UUID(bytes.getLong(), bytes.getLong()),
                new byte[bytes.capacity() - HEADER_BYTES]);
        bytes.position(HEADER_BYTES).get(batch.records);
        if (batch.sequence != sequence) {
            throw corrupt(sequence, "it says that it is batch " + batch.sequence);
        }
        return batch;
    }

    Journal.Batch toBatch() {
        return new Journal.Batch(sequence, epoch, records);
    }

    private static TarnException corrupt(long sequence, String why) {
        return new TarnException(
                ErrorCode.CORRUPT,
                "batch " + sequence + " of the journal in etcd is damaged: " + why
                        + "; restore etcd from its snapshot, or Tarn from a backup");
    }
}
