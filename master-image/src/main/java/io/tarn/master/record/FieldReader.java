package io.tarn.master.record;

import com.google.protobuf.ByteString;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FieldWriter} wrote; damaged bytes are CORRUPT, never an out-of-memory error. Used by one thread. */
public final class FieldReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    public FieldReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private FieldReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /** Reads what is left in a buffer that has an array. */
    public static FieldReader of(ByteBuffer buffer) {
        int start = buffer.arrayOffset() + buffer.position();
        return new FieldReader(buffer.array(), start, start + buffer.remaining());
    }

    public int u8() throws TarnException {
        require(1);
        return bytes[position++] & 0xff;
    }

    public boolean flag() throws TarnException {
        int value = u8();
        if (value > 1) {
            throw corrupt("a flag of " + value);
        }
        return value == 1;
    }

    public int u16() throws TarnException {
        return u8() << 8 | u8();
    }

    public long fixed64() throws TarnException {
        require(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[position++] & 0xff);
        }
        return value;
    }

    public long varint() throws TarnException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupt("a number of more than 10 bytes");
    }

    public byte[] bytes() throws TarnException {
        return raw(length());
    }

    public ByteString byteString() throws TarnException {
        return ByteString.copyFrom(bytes());
    }

    public String text() throws TarnException {
        return text(length());
    }

    /** All that is left, as text. */
    public String rawText() throws TarnException {
        return text(end - position);
    }

    public @Nullable String optionalText() throws TarnException {
        return flag() ? text() : null;
    }

    public @Nullable Long optionalVarint() throws TarnException {
        return flag() ? varint() : null;
    }

    public List<Long> varints() throws TarnException {
        int count = length();
        if (count == 0) {
            return List.of();
        }
        List<Long> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(varint());
        }
        return values;
    }

    public List<Long> fixed64s() throws TarnException {
        int count = length();
        List<Long> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(fixed64());
        }
        return values;
    }

    public List<String> texts() throws TarnException {
        int count = length();
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(text());
        }
        return values;
    }

    public Map<String, ByteString> attributes() throws TarnException {
        int count = length();
        if (count == 0) {
            return Map.of();
        }
        Map<String, ByteString> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            values.put(text(), byteString());
        }
        return values;
    }

    /** The version of an encoding, the first byte of every value; at most the newest that is known. */
    public int version(int newest, String what) throws TarnException {
        int version = u8();
        if (version < 1 || version > newest) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    what + " in encoding " + version + ", but this release knows up to " + newest
                            + "; start the release that wrote it");
        }
        return version;
    }

    /** Checks that nothing is left. */
    public void end(String what) throws TarnException {
        if (position < end) {
            throw corrupt(what + " with " + (end - position) + " bytes too many");
        }
    }

    /** A count or length: no more than there are bytes, since each element takes at least one. */
    private int length() throws TarnException {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw corrupt("a length of " + length + " with " + (end - position) + " bytes left");
        }
        return (int) length;
    }

    private byte[] raw(int length) {
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    private String text(int length) {
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    private void require(int needed) throws TarnException {
        if (end - position < needed) {
            throw corrupt("the bytes end too early");
        }
    }

    private static TarnException corrupt(String what) {
        return new TarnException(ErrorCode.CORRUPT, "damaged record or state: " + what);
    }
}
