package io.tarn.master.record;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the fields of records, state values and keys one after the other. Used by one thread. Read back by {@link FieldReader}. */
public final class FieldWriter {
    private byte[] bytes;
    private int length;

    public FieldWriter() {
        this(96);
    }

    public FieldWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    public FieldWriter u8(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public FieldWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** Two bytes, big-endian, so that keys sort by value. */
    public FieldWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    /** Eight bytes, big-endian, so that keys sort by unsigned value. */
    public FieldWriter fixed64(long value) {
        ensure(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** 1 to 10 bytes, few for small values that are not negative. */
    public FieldWriter varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** Bytes without their length: the last field of a key. */
    public FieldWriter raw(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** Text without its length: the last field of a key. */
    public FieldWriter rawText(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8));
    }

    public FieldWriter bytes(byte[] value) {
        return varint(value.length).raw(value);
    }

    public FieldWriter bytes(ByteString value) {
        return bytes(value.toByteArray());
    }

    public FieldWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public FieldWriter optionalText(@Nullable String value) {
        return value == null ? flag(false) : flag(true).text(value);
    }

    public FieldWriter optionalVarint(@Nullable Long value) {
        return value == null ? flag(false) : flag(true).varint(value);
    }

    public FieldWriter varints(List<Long> values) {
        varint(values.size());
        values.forEach(this::varint);
        return this;
    }

    public FieldWriter fixed64s(List<Long> values) {
        varint(values.size());
        values.forEach(this::fixed64);
        return this;
    }

    public FieldWriter texts(List<String> values) {
        varint(values.size());
        values.forEach(this::text);
        return this;
    }

    /** In the order of the names, so that equal maps have equal bytes. */
    public FieldWriter attributes(Map<String, ByteString> values) {
        varint(values.size());
        new TreeMap<>(values).forEach((name, value) -> text(name).bytes(value));
        return this;
    }

    public byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
