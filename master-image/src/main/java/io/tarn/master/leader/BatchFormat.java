package io.tarn.master.leader;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.List;

/** How records lie in a batch of the journal: a format version (one byte), then for each record its length (4 bytes, big-endian) and its bytes. */
final class BatchFormat {
    static final byte VERSION = 1;
    static final int HEADER_BYTES = 1;
    static final int RECORD_HEADER_BYTES = 4;

    private BatchFormat() {}

    static byte[] encode(List<byte[]> records, int lengthBytes) {
        ByteBuffer batch = ByteBuffer.allocate(lengthBytes);
        batch.put(VERSION);
        for (byte[] bytes : records) {
            batch.putInt(bytes.length).put(bytes);
        }
        return batch.array();
    }

    /** The first step of reading a batch; the records follow by {@link #nextRecord}. */
    static ByteBuffer open(long sequence, byte[] bytes) throws TarnException {
        ByteBuffer batch = ByteBuffer.wrap(bytes);
        if (!batch.hasRemaining()) {
            throw damaged(sequence);
        }
        byte version = batch.get();
        if (version != VERSION) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    "batch " + sequence + " of the journal has format " + version + "; this release reads format "
                            + VERSION + ": start the release that wrote it, or a newer one");
        }
        return batch;
    }

    static ByteBuffer nextRecord(long sequence, ByteBuffer batch) throws TarnException {
        int length = batch.remaining() < RECORD_HEADER_BYTES ? -1 : batch.getInt();
        if (length < 0 || length > batch.remaining()) {
            throw damaged(sequence);
        }
        ByteBuffer bytes = batch.slice(batch.position(), length);
        batch.position(batch.position() + length);
        return bytes;
    }

    private static TarnException damaged(long sequence) {
        return new TarnException(
                ErrorCode.CORRUPT,
                "batch " + sequence
                        + " of the journal passes its checksum but is no list of records: report this as a defect");
    }
}
