package io.tarn.master.state.rocks;

import io.tarn.master.state.Table;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table and a key as one key of a hash map. Ids that follow each other, and names that differ in a digit, hash far apart; keys that do not
 * are at least in order. Immutable, as long as nobody changes the array.
 */
final class HotKey implements Comparable<HotKey> {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int ARRAY_HEADER_BYTES = 16;

    private final Table table;
    private final int hash;
    /** The key itself where it has eight bytes, as ids have; else {@link #bytes} does. */
    private final long word;

    private final byte @Nullable [] bytes;

    HotKey(Table table, byte[] key) {
        this.table = table;
        this.bytes = key.length == Long.BYTES ? null : key;
        this.word = key.length == Long.BYTES ? (long) LONGS.get(key, 0) : 0;
        this.hash = hash(table, key);
    }

    int lengthBytes() {
        return bytes == null ? 0 : bytes.length + ARRAY_HEADER_BYTES;
    }

    private static int hash(Table table, byte[] bytes) {
        long hash = table.ordinal();
        int at = 0;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = bytes.length;
        for (; at < bytes.length; at++) {
            rest = rest << Byte.SIZE | (bytes[at] & 0xff);
        }
        return (int) mix(hash ^ rest);
    }

    private static long mix(long value) {
        long mixed = value * MULTIPLIER;
        return (mixed ^ mixed >>> 32) * MULTIPLIER ^ mixed;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HotKey key
                && hash == key.hash
                && table == key.table
                && word == key.word
                && Arrays.equals(bytes, key.bytes);
    }

    /** Keeps look-ups quick even among keys of one hash. */
    @Override
    public int compareTo(HotKey other) {
        int byTable = table.compareTo(other.table);
        if (byTable != 0) {
            return byTable;
        }
        int byWord = Long.compare(word, other.word);
        return byWord != 0 ? byWord : Arrays.compareUnsigned(bytes, other.bytes);
    }
}
