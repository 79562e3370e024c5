package io.tarn.protocol.frame;

import org.jspecify.annotations.Nullable;

/**
 * What a frame asks or answers. The fields that each uses are named in {@link FrameHeader}'s terms.
 *
 * <p>Every request may be answered by ERROR instead, also after part of its answer was sent; ERROR ends the answer, and the handle stays open. Frames
 * of one answer come in order, without gaps; those of different requests may interleave.
 */
public enum FrameType {
    /** Payload {@code OpenRead}; answered by OPENED. */
    OPEN_READ(1),
    /** Payload {@code OpenWrite}; answered by OPENED. */
    OPEN_WRITE(2),
    /** The handle is in {@code handle}. */
    OPENED(3),
    /** {@code handle}, {@code offset}, {@code argument} = length in bytes, at most {@link FrameHeader#MAX_READ_BYTES}; answered by DATA frames. */
    READ(4),
    /**
     * {@code offset} and payload; {@code argument} = CRC32C of the payload; flag LAST on the last of a range (also at end of file: payload may be empty).
     * A payload lies within one page of 1 MiB.
     */
    DATA(5),
    /** {@code handle}, {@code offset} and payload, {@code argument} = its CRC32C; ranges arrive in order; answered by ACK. */
    WRITE(6),
    /** {@code offset} = bytes accepted so far. */
    ACK(7),
    /** {@code handle}: all bytes so far are held by the worker (flag DURABLE: and fsynced); answered by ACK. */
    FLUSH(8),
    /** {@code handle}, {@code offset} = whole length; answered by COMMITTED. */
    COMMIT(9),
    /** Payload {@code SignedReceipt}. */
    COMMITTED(10),
    /** {@code handle}; answered by ACK. */
    ABORT(11),
    /** {@code handle}; not answered. */
    CLOSE(12),
    /** {@code argument} = error code number, {@code offset} = milliseconds to wait before a retry (0 = none given), payload = UTF-8 message. */
    ERROR(13),
    /** {@code handle}, {@code offset}, payload {@code LoadRange}; answered by LOADED (flag LAST on the last) as it goes. */
    LOAD(14),
    /** {@code offset} = where it has come to, payload {@code LoadedRange}. */
    LOADED(15),
    /** {@code handle}; answered by RESIDENT. */
    RESIDENCY(16),
    /** Payload {@code Residency}. */
    RESIDENT(17),
    /** Payload {@code FreeVersions}; answered by FREED. */
    FREE(18),
    /** Payload {@code FreedVersions}. */
    FREED(19),
    /** {@code handle}, on a Unix socket: asks for descriptors of a wholly cached file; answered by EXPORTED or ERROR. */
    EXPORT(20),
    /** Payload {@code ExportedFile}. */
    EXPORTED(21),
    /**
     * {@code handle}, {@code argument} = segment, after EXPORTED; answered by one SCM_RIGHTS message with one descriptor, whose one byte of data means
     * nothing. A receiver cannot read bytes and descriptors at once, so nothing else may be in flight on the connection: use one for this alone.
     * Where it fails the connection closes.
     */
    TAKE(22),
    /** Answered by ACK. */
    PING(23),
    /**
     * {@code handle}, {@code offset}, {@code argument} = length in bytes, 0 for the rest of the file: asks to compare the pages that the worker has of the range
     * with their checksums, and to fetch damaged ones again; answered by CHECKED.
     */
    CHECK(24),
    /** Payload {@code CheckedFile}. */
    CHECKED(25),
    /** Payload {@code PinVersions}; answered by PINNED. */
    PIN(26),
    /** Payload {@code PinnedPages}. */
    PINNED(27);

    private static final @Nullable FrameType[] BY_NUMBER = new FrameType[32];

    static {
        for (FrameType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;

    FrameType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The type of a number, or null where none has it. */
    public static @Nullable FrameType ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
