package io.tarn.protocol.frame;

import io.netty.buffer.ByteBuf;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;

/**
 * The fixed header of every data-plane frame, 48 bytes, big-endian, followed by {@code payloadBytes} of payload.
 *
 * <pre>
 *  0  u16 magic 0x7A4E      2  u8 version (1)    3  u8 type         4  u8 flags
 *  5  u8[3] zero            8  u32 payload bytes 12 u32 argument   16  u64 request id
 * 24  u64 epoch            32  u64 handle        40 u64 offset
 * </pre>
 *
 * Requests are answered in any order; answers carry the request's id. {@code epoch} is the sender's view of the leader's epoch (0 = none).
 *
 * @param payloadBytes bytes that follow, 0 to {@link #MAX_PAYLOAD_BYTES}
 * @param argument what the type says: a length, a checksum or an error code
 * @param handle an open file of this connection, given by OPENED; 0 where none is meant
 * @param offset a position in the file, in bytes
 */
public record FrameHeader(
        FrameType type,
        int flags,
        int payloadBytes,
        int argument,
        long requestId,
        long epoch,
        long handle,
        long offset) {
    public static final int BYTES = 48;
    public static final int MAX_PAYLOAD_BYTES = 4 << 20;
    public static final int MAX_READ_BYTES = 64 << 20;
    /** The last frame of an answer. */
    public static final int LAST = 1;
    /** FLUSH: to stable storage. */
    public static final int DURABLE = 2;
    /** READ: the caller reads on from here; fetch ahead. */
    public static final int SEQUENTIAL = 4;
    /** READ: the caller jumps about; fetch nothing more. */
    public static final int RANDOM = 8;

    private static final short MAGIC = 0x7A4E;
    private static final byte VERSION = 1;

    /** A request or answer without payload, epoch and offset. */
    public static FrameHeader of(FrameType type, long requestId) {
        return new FrameHeader(type, 0, 0, 0, requestId, 0, 0, 0);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public FrameHeader withFlags(int newFlags) {
        return new FrameHeader(type, newFlags, payloadBytes, argument, requestId, epoch, handle, offset);
    }

    public FrameHeader withPayload(int bytes, int newArgument) {
        return new FrameHeader(type, flags, bytes, newArgument, requestId, epoch, handle, offset);
    }

    /** This as the frame that goes out: with the request's id and the size of what follows. */
    public FrameHeader numbered(long newRequestId, int newPayloadBytes) {
        return new FrameHeader(type, flags, newPayloadBytes, argument, newRequestId, epoch, handle, offset);
    }

    public FrameHeader withEpoch(long newEpoch) {
        return new FrameHeader(type, flags, payloadBytes, argument, requestId, newEpoch, handle, offset);
    }

    public FrameHeader at(long newHandle, long newOffset) {
        return new FrameHeader(type, flags, payloadBytes, argument, requestId, epoch, newHandle, newOffset);
    }

    /** Appends this header to {@code out}. */
    public void write(ByteBuf out) {
        out.writeShort(MAGIC)
                .writeByte(VERSION)
                .writeByte(type.number())
                .writeByte(flags)
                .writeZero(3);
        out.writeInt(payloadBytes).writeInt(argument).writeLong(requestId);
        out.writeLong(epoch).writeLong(handle).writeLong(offset);
    }

    /**
     * Reads a header from {@code in}, which holds at least {@link #BYTES} bytes.
     *
     * @throws TarnException MALFORMED where the bytes are no header of a version that this release speaks, or ask for too much
     */
    public static FrameHeader read(ByteBuf in) throws TarnException {
        if (in.readShort() != MAGIC) {
            throw malformed("this is not Tarn's data protocol");
        }
        int version = in.readByte();
        if (version != VERSION) {
            throw malformed("data protocol version " + version + ", but this release speaks " + VERSION);
        }
        int typeNumber = in.readUnsignedByte();
        FrameType type = FrameType.ofNumber(typeNumber);
        int flags = in.readUnsignedByte();
        in.skipBytes(3);
        int payloadBytes = in.readInt();
        int argument = in.readInt();
        if (type == null) {
            throw malformed("unknown frame type " + typeNumber);
        }
        if (payloadBytes < 0 || payloadBytes > MAX_PAYLOAD_BYTES) {
            throw malformed(
                    "a payload of " + Integer.toUnsignedLong(payloadBytes) + " bytes; at most " + MAX_PAYLOAD_BYTES);
        }
        FrameHeader header = new FrameHeader(
                type, flags, payloadBytes, argument, in.readLong(), in.readLong(), in.readLong(), in.readLong());
        if (header.offset < 0 || (type == FrameType.READ && (argument < 0 || argument > MAX_READ_BYTES))) {
            throw malformed("a range at " + header.offset + " of " + Integer.toUnsignedLong(argument)
                    + " bytes; at most " + MAX_READ_BYTES);
        }
        return header;
    }

    private static TarnException malformed(String what) {
        return new TarnException(ErrorCode.MALFORMED, what);
    }
}
