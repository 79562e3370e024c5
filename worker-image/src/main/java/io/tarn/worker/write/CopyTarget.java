package io.tarn.worker.write;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenWrite;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.peer.PeerLine;
import io.tarn.worker.peer.Peers;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Another worker, which keeps a copy of a file that is written: pieces are pipelined to it as a client does. For one thread at a time. */
final class CopyTarget implements WriteTarget {
    private static final int WINDOW = 16;
    private static final Duration PIECE_LIMIT = Duration.ofSeconds(5);

    /** What may have to wait for a disk. */
    private static final Duration DISK_LIMIT = Duration.ofSeconds(60);

    private final long workerId;
    private final PeerLine line;
    private final long handle;
    private long position;
    private @Nullable SignedReceipt receipt;

    private CopyTarget(long workerId, PeerLine line, long handle) {
        this.workerId = workerId;
        this.line = line;
        this.handle = handle;
    }

    /** @throws TarnException UNAVAILABLE, or why that worker takes no copy */
    static CopyTarget open(Peers peers, long workerId, SignedTicket ticket) throws TarnException {
        OpenWrite request =
                OpenWrite.newBuilder().setTicket(ticket).setCopy(true).build();
        PeerLine line = peers.connect(workerId);
        try {
            line.send(FrameHeader.of(FrameType.OPEN_WRITE, 0), ByteBuffer.wrap(request.toByteArray()), PIECE_LIMIT);
            long handle = line.receive(FrameType.OPENED, PIECE_LIMIT).header().handle();
            return new CopyTarget(workerId, line, handle);
        } catch (TarnException e) {
            line.close();
            throw e;
        }
    }

    long workerId() {
        return workerId;
    }

    @Override
    public void append(ByteBuffer bytes, int crc32c) throws TarnException {
        while (line.unanswered() >= WINDOW) {
            awaitOne();
        }
        int count = bytes.remaining();
        line.send(header(FrameType.WRITE, position).withPayload(0, crc32c), bytes, PIECE_LIMIT);
        position += count;
    }

    private void awaitOne() throws TarnException {
        line.receive(FrameType.ACK, PIECE_LIMIT);
    }

    private void awaitAll() throws TarnException {
        while (line.unanswered() > 0) {
            awaitOne();
        }
    }

    @Override
    public boolean flush(boolean durable) throws TarnException {
        awaitAll();
        line.send(header(FrameType.FLUSH, 0).withFlags(durable ? FrameHeader.DURABLE : 0), PIECE_LIMIT);
        line.receive(FrameType.ACK, DISK_LIMIT);
        return true;
    }

    @Override
    public @Nullable StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException {
        if (position != lengthBytes) {
            throw new IllegalStateException(position + " bytes were copied of " + lengthBytes);
        }
        awaitAll();
        line.send(header(FrameType.COMMIT, lengthBytes), PIECE_LIMIT);
        byte[] answer = line.receive(FrameType.COMMITTED, DISK_LIMIT).payload();
        try {
            receipt = SignedReceipt.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, line + " sent an unreadable receipt", e);
        } finally {
            line.close();
        }
        return null;
    }

    /** That worker's word; after {@link #commit}. */
    SignedReceipt receipt() {
        SignedReceipt given = receipt;
        if (given == null) {
            throw new IllegalStateException("not committed");
        }
        return given;
    }

    /** The other worker keeps what was flushed when the connection ends. */
    @Override
    public void leave() {
        line.close();
    }

    @Override
    public void abort() {
        try {
            line.send(header(FrameType.ABORT, 0), PIECE_LIMIT);
        } catch (TarnException e) {
            // the connection is lost: that worker drops what it has, or is asked to when it comes back
        } finally {
            line.close();
        }
    }

    private FrameHeader header(FrameType type, long offset) {
        return FrameHeader.of(type, 0).at(handle, offset);
    }
}
