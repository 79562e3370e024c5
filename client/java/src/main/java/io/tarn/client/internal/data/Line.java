package io.tarn.client.internal.data;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenRead;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;

/**
 * A connection with plain blocking input and output, for one thread at a time: that thread asks, waits, and has the answer put by the system straight into its
 * own buffer, without a hand-over to any other thread. A line that has failed once is of no further use. {@link #forget}, {@link #isSilent} and {@link #close}
 * may come from any thread.
 */
public final class Line {
    private static final int MAX_ERROR_BYTES = 64 << 10;

    /** Read at a time: what has just come is still in the processor's cache when its checksum is taken. */
    private static final int STEP_BYTES = 256 << 10;

    private final Endpoint endpoint;
    private final SocketChannel channel;
    private final ByteBuf head = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(FrameHeader.BYTES));
    private final CRC32C checksum = new CRC32C();
    private final Queue<Long> forgotten = new ConcurrentLinkedQueue<>();
    private long nextRequestId = 1;
    private volatile long progressNanos = System.nanoTime();

    private Line(Endpoint endpoint, SocketChannel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
    }

    /** Connects; waits no longer than this. */
    static Line connect(Endpoint endpoint, int timeoutMillis) throws IOException {
        SocketChannel channel = endpoint.openBlocking(timeoutMillis);
        if (!endpoint.isUnixSocket()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        return new Line(endpoint, channel);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Opens a file. @return its handle on this line */
    public long open(OpenRead request) throws IOException {
        byte[] payload = request.toByteArray();
        send(FrameHeader.of(FrameType.OPEN_READ, 0), payload);
        FrameHeader answer = receiveHead();
        if (answer.type() != FrameType.OPENED || answer.payloadBytes() != 0) {
            throw unexpected(answer);
        }
        return answer.handle();
    }

    /**
     * Fills {@code into}, whose position does not move, with the file's bytes from {@code position} on; all of them must lie within the file.
     *
     * @throws TarnException what the worker says; CORRUPT where a checksum does not match. What {@code into} holds is undefined then.
     */
    public void read(long handle, long position, ByteBuffer into, int flags) throws IOException {
        int wanted = into.remaining();
        send(
                FrameHeader.of(FrameType.READ, 0)
                        .withFlags(flags)
                        .withPayload(0, wanted)
                        .at(handle, position),
                new byte[0]);
        ByteBuffer left = into.duplicate();
        boolean last = false;
        while (!last) {
            FrameHeader answer = receiveHead();
            int start = into.position() + (int) (answer.offset() - position);
            if (answer.type() != FrameType.DATA
                    || start != left.position()
                    || answer.payloadBytes() > left.remaining()) {
                throw unexpected(answer);
            }
            receive(left, answer.payloadBytes());
            if ((int) checksum.getValue() != answer.argument()) {
                throw new TarnException(
                        ErrorCode.CORRUPT,
                        "bytes at " + answer.offset() + " of the file changed on their way from the worker");
            }
            last = answer.has(FrameHeader.LAST);
        }
        if (left.hasRemaining()) {
            throw new TarnException(
                    ErrorCode.MALFORMED, "worker " + endpoint + " sent " + left.remaining() + " bytes too few");
        }
    }

    private void send(FrameHeader header, byte[] payload) throws IOException {
        ByteBuf out = payload.length == 0 ? head.clear() : Unpooled.buffer(FrameHeader.BYTES + payload.length);
        header.numbered(nextRequestId++, payload.length).write(out);
        out.writeBytes(payload);
        writeAll(out);
    }

    private void writeAll(ByteBuf out) throws IOException {
        while (out.isReadable()) {
            out.readBytes(channel, out.readableBytes());
        }
    }

    private FrameHeader receiveHead() throws IOException {
        head.clear();
        while (head.isWritable()) {
            if (head.writeBytes(channel, head.writableBytes()) < 0) {
                throw closedByWorker();
            }
            progressNanos = System.nanoTime();
        }
        FrameHeader answer = FrameHeader.read(head);
        if (answer.requestId() != nextRequestId - 1) {
            throw unexpected(answer);
        }
        if (answer.type() == FrameType.ERROR) {
            throw refusal(answer);
        }
        return answer;
    }

    /** Reads {@code count} bytes and takes their checksum. */
    private void receive(ByteBuffer into, int count) throws IOException {
        checksum.reset();
        int end = into.position() + count;
        int limit = into.limit();
        while (into.position() < end) {
            int start = into.position();
            into.limit(Math.min(end, start + STEP_BYTES));
            if (channel.read(into) < 0) {
                throw closedByWorker();
            }
            progressNanos = System.nanoTime();
            checksum.update(into.duplicate().flip().position(start));
        }
        into.limit(limit);
    }

    private TarnException refusal(FrameHeader answer) throws IOException {
        byte[] message = new byte[Math.min(answer.payloadBytes(), MAX_ERROR_BYTES)];
        receive(ByteBuffer.wrap(message), message.length);
        return new TarnException(ErrorCode.ofNumber(answer.argument()), new String(message, StandardCharsets.UTF_8));
    }

    private TarnException unexpected(FrameHeader answer) {
        return new TarnException(
                ErrorCode.MALFORMED,
                "worker " + endpoint + " sent " + answer.type() + " of " + answer.payloadBytes() + " bytes at "
                        + answer.offset() + ", which nobody asked for");
    }

    private EOFException closedByWorker() {
        return new EOFException("worker " + endpoint + " closed the connection");
    }

    /** Nobody needs the handle any more; the worker is told by the next {@link #tellForgotten}. */
    void forget(long handle) {
        forgotten.add(handle);
    }

    boolean hasForgotten() {
        return !forgotten.isEmpty();
    }

    void tellForgotten() throws IOException {
        for (Long handle = forgotten.poll(); handle != null; handle = forgotten.poll()) {
            head.clear();
            FrameHeader.of(FrameType.CLOSE, nextRequestId++).at(handle, 0).write(head);
            writeAll(head);
        }
    }

    /** From now on the line is in use. */
    void taken() {
        progressNanos = System.nanoTime();
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    /** When it was taken into use, or something last came, on the scale of {@link System#nanoTime}. */
    public long progressNanos() {
        return progressNanos;
    }

    /** Whether nothing was sent or received for this long. */
    boolean isSilent(long nanos) {
        return System.nanoTime() - progressNanos > nanos;
    }

    /** A thread that waits here goes on with an exception. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError("closing a socket reports nothing", e);
        }
    }
}
