package io.tarn.worker.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.WorkerAddress;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A connection to another worker with plain blocking input and output, for one thread at a time: several requests may be sent before the answers are taken, which have to
 * come in the same order. A line that has failed once is of no further use. {@link #isLate} and {@link #close} may come from any thread.
 */
public final class PeerLine implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final long NOBODY_WAITS = Long.MAX_VALUE;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final WorkerAddress peer;
    private final SocketChannel channel;
    private final Consumer<PeerLine> closed;
    private final ByteBuf head = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(FrameHeader.BYTES));
    private long sent;
    private long answered;
    private volatile long lateAtNanos = NOBODY_WAITS;

    private PeerLine(WorkerAddress peer, SocketChannel channel, Consumer<PeerLine> closed) {
        this.peer = peer;
        this.channel = channel;
        this.closed = closed;
    }

    /** @param closed told when the line is */
    static PeerLine connect(WorkerAddress peer, Consumer<PeerLine> closed) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(peer.getHost(), peer.getDataPort()), CONNECT_TIMEOUT_MILLIS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new PeerLine(peer, channel, closed);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Requests whose answers were not taken yet. */
    public int unanswered() {
        return Math.toIntExact(sent - answered);
    }

    /**
     * Sends a request.
     *
     * @param header without number and length
     * @param limit how long the peer may take to take it
     * @throws TarnException UNAVAILABLE
     */
    public void send(FrameHeader header, ByteBuffer payload, Duration limit) throws TarnException {
        head.clear();
        header.numbered(++sent, payload.remaining()).write(head);
        ByteBuffer[] frame = {head.nioBuffer(), payload};
        waiting(limit, () -> {
            while (frame[0].hasRemaining() || payload.hasRemaining()) {
                channel.write(frame);
            }
            return true;
        });
    }

    /** Sends a request that is its header alone. */
    public void send(FrameHeader header, Duration limit) throws TarnException {
        send(header, NOTHING.duplicate(), limit);
    }

    /** An answer and its payload. */
    public record Answer(FrameHeader header, byte[] payload) {}

    /**
     * Takes the answer to the oldest request that has none.
     *
     * @throws TarnException what the peer says; UNAVAILABLE, also where it says nothing within the limit; MALFORMED for another answer than {@code expected}
     */
    public Answer receive(FrameType expected, Duration limit) throws TarnException {
        Answer answer = waiting(limit, () -> {
            FrameHeader header = receiveHead();
            return new Answer(header, receiveAnswer(header));
        });
        answered++;
        requireExpected(answer, expected);
        return answer;
    }

    /** Takes bytes of a file, which are valid during the call. */
    public interface Sink {
        void accept(ByteBuffer bytes) throws TarnException;
    }

    /**
     * Reads a range of an open file, while nothing else is unanswered; each piece is checked before it is passed on.
     *
     * @param length at most {@link FrameHeader#MAX_READ_BYTES}
     * @param memory for one piece: of the size of a page
     * @param limit for each piece
     * @throws TarnException what the peer says; UNAVAILABLE; CORRUPT where bytes changed on their way; what the sink throws
     */
    public void read(long handle, long offset, int length, ByteBuffer memory, Sink sink, Duration limit)
            throws TarnException {
        FrameHeader request = FrameHeader.of(FrameType.READ, 0)
                .withFlags(FrameHeader.RANDOM)
                .withPayload(0, length)
                .at(handle, offset);
        send(request, limit);
        long position = offset;
        boolean last = false;
        while (!last) {
            FrameHeader header = waiting(limit, this::receiveHead);
            if (header.type() != FrameType.DATA) {
                requireExpected(new Answer(header, waiting(limit, () -> receiveAnswer(header))), FrameType.DATA);
            }
            int count = header.payloadBytes();
            if (header.offset() != position || count > memory.capacity() || count > offset + length - position) {
                throw unexpected(header);
            }
            ByteBuffer piece = memory.clear().limit(count);
            waiting(limit, () -> fill(piece));
            if (PageChecksum.of(piece.flip().duplicate()) != header.argument()) {
                throw new TarnException(ErrorCode.CORRUPT, "bytes changed on their way from " + this);
            }
            position += count;
            last = header.has(FrameHeader.LAST);
            sink.accept(piece);
        }
        answered++;
        if (position != offset + length) {
            throw new TarnException(
                    ErrorCode.MALFORMED, this + " sent " + (offset + length - position) + " bytes too few");
        }
    }

    /** Says something that is not answered. */
    public void tell(FrameHeader header, Duration limit) throws TarnException {
        send(header, limit);
        answered++;
    }

    private FrameHeader receiveHead() throws IOException {
        head.clear();
        while (head.isWritable()) {
            if (head.writeBytes(channel, head.writableBytes()) < 0) {
                throw new EOFException("it closed the connection");
            }
        }
        FrameHeader header = FrameHeader.read(head);
        if (header.requestId() != answered + 1) {
            throw unexpected(header);
        }
        return header;
    }

    private byte[] receiveAnswer(FrameHeader header) throws IOException {
        if (header.payloadBytes() > MAX_ANSWER_BYTES) {
            throw unexpected(header);
        }
        ByteBuffer payload = ByteBuffer.allocate(header.payloadBytes());
        fill(payload);
        return payload.array();
    }

    private boolean fill(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new EOFException("it closed the connection");
            }
        }
        return true;
    }

    private void requireExpected(Answer answer, FrameType expected) throws TarnException {
        FrameHeader header = answer.header();
        if (header.type() == FrameType.ERROR) {
            throw new TarnException(
                    ErrorCode.ofNumber(header.argument()),
                    this + ": " + new String(answer.payload(), StandardCharsets.UTF_8));
        }
        if (header.type() != expected) {
            throw unexpected(header);
        }
    }

    /** Something that waits for the peer. */
    private interface Waiting<T> {
        T run() throws IOException;
    }

    private <T> T waiting(Duration limit, Waiting<T> step) throws TarnException {
        lateAtNanos = System.nanoTime() + limit.toNanos();
        try {
            return step.run();
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            String why = e.getMessage() == null ? "it was silent for " + limit.toSeconds() + " s" : e.getMessage();
            throw new TarnException(ErrorCode.UNAVAILABLE, "lost " + this + ": " + why, e);
        } finally {
            lateAtNanos = NOBODY_WAITS;
        }
    }

    private TarnException unexpected(FrameHeader header) {
        return new TarnException(
                ErrorCode.MALFORMED,
                this + " sent " + header.type() + " of " + header.payloadBytes() + " bytes, which nobody asked for");
    }

    WorkerAddress peer() {
        return peer;
    }

    /** Whether somebody waits for the peer beyond the limit. */
    boolean isLate() {
        long late = lateAtNanos;
        return late != NOBODY_WAITS && System.nanoTime() - late > 0;
    }

    /** A thread that waits here goes on with UNAVAILABLE. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError("closing a socket reports nothing", e);
        } finally {
            closed.accept(this);
        }
    }

    @Override
    public String toString() {
        return "worker " + Long.toHexString(peer.getWorkerId()) + " at " + peer.getHost() + ":" + peer.getDataPort();
    }
}
