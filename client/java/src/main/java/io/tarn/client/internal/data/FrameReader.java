package io.tarn.client.internal.data;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.frame.PlacedReceive;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream of bytes apart into frames and has each payload, as it arrives, where its request wants it: long ones are received there, the rest is copied.
 * No frame is ever held whole, so memory is bounded by the callers' own buffers. For one event loop.
 */
final class FrameReader implements PlacedReceive.Places {
    private static final int MAX_ERROR_BYTES = 64 << 10;

    /** Less is copied. */
    private static final int SMALLEST_PLACE_BYTES = 4 << 10;

    /** Received at a time: what has just come is still in the processor's cache when its checksum is taken. */
    private static final int LARGEST_PLACE_BYTES = 256 << 10;

    /** Who waits for answers. */
    interface Requests {
        /** Null for an answer that nobody waits for any more. */
        @Nullable
        Exchange waiting(long requestId);

        void finished(long requestId);

        /** The request failed, the connection is sound. */
        void refused(long requestId, TarnException failure);
    }

    private final Requests requests;
    private final ByteBuf headerBytes = Unpooled.buffer(FrameHeader.BYTES, FrameHeader.BYTES);
    private final CRC32C checksum = new CRC32C();
    private @Nullable FrameHeader header;
    private @Nullable ByteBuffer destination;
    private @Nullable ByteBuf place;
    private int payloadLeft;

    FrameReader(Requests requests) {
        this.requests = requests;
    }

    /**
     * Takes all of {@code bytes}.
     *
     * @throws TarnException when the connection cannot be used any further
     */
    void take(ByteBuf bytes) throws TarnException {
        dropWhatNobodyWaitsFor();
        if (bytes == place) {
            place = null;
            takePlaced(bytes);
        }
        while (bytes.isReadable() || (header != null && payloadLeft == 0)) {
            FrameHeader current = header;
            if (current == null) {
                bytes.readBytes(headerBytes, Math.min(bytes.readableBytes(), headerBytes.writableBytes()));
                if (!headerBytes.isWritable()) {
                    begin(FrameHeader.read(headerBytes));
                    headerBytes.clear();
                }
            } else if (payloadLeft > 0) {
                takePayload(bytes);
            } else {
                header = null;
                end(current);
            }
        }
    }

    /** A request that has failed meanwhile took its buffer with it. */
    private void dropWhatNobodyWaitsFor() {
        FrameHeader current = header;
        if (current != null && destination != null && requests.waiting(current.requestId()) == null) {
            destination = null;
        }
    }

    @Override
    public @Nullable ByteBuf next() {
        dropWhatNobodyWaitsFor();
        ByteBuffer into = destination;
        int count = Math.min(payloadLeft, LARGEST_PLACE_BYTES);
        if (into == null || !into.isDirect() || count < SMALLEST_PLACE_BYTES || into.remaining() < count) {
            return null;
        }
        ByteBuf next =
                Unpooled.wrappedBuffer(into.slice(into.position(), count)).clear();
        place = next;
        return next;
    }

    /** The bytes are where they belong. */
    private void takePlaced(ByteBuf bytes) {
        ByteBuffer into = destination;
        int count = bytes.readableBytes();
        if (into != null) {
            checksum.update(into.duplicate().limit(into.position() + count));
            into.position(into.position() + count);
        }
        bytes.skipBytes(count);
        payloadLeft -= count;
    }

    private void begin(FrameHeader started) throws TarnException {
        Exchange exchange = requests.waiting(started.requestId());
        if (exchange == null) {
            destination = null;
        } else if (started.type() == FrameType.ERROR) {
            destination = ByteBuffer.allocate(Math.min(started.payloadBytes(), MAX_ERROR_BYTES));
        } else {
            destination = exchange.destination(started);
        }
        payloadLeft = started.payloadBytes();
        header = started;
        checksum.reset();
    }

    private void takePayload(ByteBuf bytes) {
        int count = Math.min(bytes.readableBytes(), payloadLeft);
        ByteBuffer into = destination;
        if (into != null && into.remaining() >= count) {
            ByteBuffer arrived = into.duplicate().limit(into.position() + count);
            bytes.readBytes(into.duplicate().limit(into.position() + count));
            into.position(into.position() + count);
            checksum.update(arrived);
        } else {
            bytes.skipBytes(count);
        }
        payloadLeft -= count;
    }

    private void end(FrameHeader ended) throws TarnException {
        long requestId = ended.requestId();
        Exchange exchange = requests.waiting(requestId);
        ByteBuffer payload = destination;
        destination = null;
        if (exchange == null || payload == null) {
            return;
        }
        if (ended.type() == FrameType.ERROR) {
            requests.refused(requestId, refusal(ended, payload));
            return;
        }
        if (ended.type() == FrameType.DATA && (int) checksum.getValue() != ended.argument()) {
            String what = "bytes at " + ended.offset() + " of the file changed on their way from the worker";
            requests.refused(requestId, new TarnException(ErrorCode.CORRUPT, what));
            throw new TarnException(ErrorCode.UNAVAILABLE, "the connection corrupts data");
        }
        try {
            if (exchange.answered(ended, payload)) {
                requests.finished(requestId);
            }
        } catch (TarnException e) {
            requests.refused(requestId, e);
        }
    }

    private static TarnException refusal(FrameHeader ended, ByteBuffer payload) {
        String message = StandardCharsets.UTF_8.decode(payload.flip()).toString();
        return new TarnException(ErrorCode.ofNumber(ended.argument()), message);
    }
}
