package io.tarn.worker.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.OpenWrite;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.SignedTicket;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection that sends and receives frames with plain blocking sockets. For one thread. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private long lastRequest;

    RawClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    /** A frame as it came. */
    record Reply(FrameHeader header, byte[] payload) {
        Reply orThrow() throws TarnException {
            if (header.type() == FrameType.ERROR) {
                throw new TarnException(
                        ErrorCode.ofNumber(header.argument()), new String(payload, StandardCharsets.UTF_8));
            }
            return this;
        }
    }

    long nextRequest() {
        return ++lastRequest;
    }

    void send(FrameHeader header, byte[] payload) throws IOException {
        ByteBuf out = Unpooled.buffer(FrameHeader.BYTES + payload.length);
        header.withPayload(payload.length, header.argument()).write(out);
        out.writeBytes(payload);
        sendBytes(out.nioBuffer());
    }

    void sendBytes(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    Reply receive() throws IOException {
        FrameHeader header = FrameHeader.read(Unpooled.wrappedBuffer(bytes(FrameHeader.BYTES)));
        return new Reply(header, bytes(header.payloadBytes()).array());
    }

    /** True where the server has closed the connection, after reading what it still sent. */
    boolean closedByServer() {
        ByteBuffer rest = ByteBuffer.allocate(4096);
        try {
            while (channel.read(rest.clear()) >= 0) {}
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    private ByteBuffer bytes(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the server closed the connection");
            }
        }
        return bytes.flip();
    }

    Reply call(FrameHeader header, byte[] payload) throws IOException {
        send(header, payload);
        return receive().orThrow();
    }

    long openRead(SignedTicket ticket, ReadType readType) throws IOException {
        byte[] payload = OpenRead.newBuilder()
                .setTicket(ticket)
                .setReadType(readType)
                .build()
                .toByteArray();
        return call(FrameHeader.of(FrameType.OPEN_READ, nextRequest()), payload)
                .header()
                .handle();
    }

    long openWrite(SignedTicket ticket) throws IOException {
        byte[] payload = OpenWrite.newBuilder().setTicket(ticket).build().toByteArray();
        return call(FrameHeader.of(FrameType.OPEN_WRITE, nextRequest()), payload)
                .header()
                .handle();
    }

    /** With the first bytes of what another ticket lets be read. */
    long openWrite(SignedTicket ticket, SignedTicket base, long baseBytes) throws IOException {
        OpenWrite open = OpenWrite.newBuilder()
                .setTicket(ticket)
                .setBaseTicket(base)
                .setBaseLengthBytes(baseBytes)
                .build();
        return call(FrameHeader.of(FrameType.OPEN_WRITE, nextRequest()), open.toByteArray())
                .header()
                .handle();
    }

    Reply flush(long handle, boolean durable) throws IOException {
        int flags = durable ? FrameHeader.DURABLE : 0;
        return call(FrameHeader.of(FrameType.FLUSH, nextRequest()).at(handle, 0).withFlags(flags), new byte[0]);
    }

    void sendRead(long handle, long offset, int length, int flags) throws IOException {
        send(new FrameHeader(FrameType.READ, flags, 0, length, nextRequest(), 0, handle, offset), new byte[0]);
    }

    byte[] read(long handle, long offset, int length) throws IOException {
        return read(handle, offset, length, 0);
    }

    byte[] read(long handle, long offset, int length, int flags) throws IOException {
        sendRead(handle, offset, length, flags);
        return receiveRange(offset);
    }

    /** The DATA frames of one READ, which must follow each other and match their checksums. */
    byte[] receiveRange(long offset) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            Reply reply = receive().orThrow();
            FrameHeader header = reply.header();
            if (header.type() != FrameType.DATA || header.offset() != offset + all.size()) {
                throw new AssertionError(header + " where DATA at " + (offset + all.size()) + " was expected");
            }
            if (PageChecksum.of(ByteBuffer.wrap(reply.payload())) != header.argument()) {
                throw new AssertionError("wrong checksum in " + header);
            }
            all.writeBytes(reply.payload());
            if (header.has(FrameHeader.LAST)) {
                return all.toByteArray();
            }
        }
    }

    Reply write(long handle, long offset, byte[] bytes) throws IOException {
        int crc = PageChecksum.of(ByteBuffer.wrap(bytes));
        return call(new FrameHeader(FrameType.WRITE, 0, 0, crc, nextRequest(), 0, handle, offset), bytes);
    }

    Reply about(FrameType type, long handle, long offset) throws IOException {
        return call(FrameHeader.of(type, nextRequest()).at(handle, offset), new byte[0]);
    }

    void closeHandle(long handle) throws IOException {
        send(FrameHeader.of(FrameType.CLOSE, nextRequest()).at(handle, 0), new byte[0]);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
