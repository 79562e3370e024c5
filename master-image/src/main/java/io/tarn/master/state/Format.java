package io.tarn.master.state;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The format of what the masters of a cluster share: the records of its journal, and the state that replay makes of them. It is one number for the whole
 * cluster, which the state holds and which only grows, once every master reads the larger one: docs/design/record-format.md. Stateless.
 */
public final class Format {
    /** Of a state that names none: all that there was before formats were counted. */
    public static final int FIRST = 1;
    /** The newest one that this release reads, and writes where it may. */
    public static final int NEWEST = 2;

    /** META: the format, where it is not the first one. */
    private static final byte[] KEY = "format".getBytes(StandardCharsets.UTF_8);

    private Format() {}

    /** What may be written on a state. */
    public static int of(StateReader state) {
        byte[] value = state.get(Table.META, KEY);
        return value == null ? FIRST : decode(value);
    }

    /** What changes raise the format to; null where they do not. */
    public static @Nullable Integer in(Changes changes) {
        NavigableMap<byte[], byte @Nullable []> meta = changes.tables().get(Table.META);
        byte[] value = meta == null ? null : meta.get(KEY);
        return value == null ? null : Integer.valueOf(decode(value));
    }

    /** From here on records, and values of the state, may be of this format. For replay alone. */
    public static void raise(StateWriter state, int format) {
        state.put(
                Table.META,
                KEY,
                ByteBuffer.allocate(Integer.BYTES).putInt(format).array());
    }

    private static int decode(byte[] value) {
        return ByteBuffer.wrap(value).getInt();
    }

    /** The error where something is of a format that is not read; {@code what} says so up to "this release". */
    public static TarnException tooNew(String what) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                what + ", which this release (" + Release.version()
                        + ") does not know: a newer one has written to this cluster. Nothing was changed; start the release that wrote it here, or a newer one");
    }
}
