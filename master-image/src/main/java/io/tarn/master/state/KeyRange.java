package io.tarn.master.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The keys that a scan visits: those that start with a prefix and are greater than a given key. Immutable; keys are compared as unsigned bytes. */
public record KeyRange(byte[] prefix, byte @Nullable [] after) {
    /** Whether {@code key}, known to be at or after {@link #start()}, still belongs to the range. */
    public boolean contains(byte[] key) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)
                && (after == null || Arrays.compareUnsigned(key, after) > 0);
    }

    /** The smallest key that can be in the range. */
    public byte[] start() {
        if (after == null || Arrays.compareUnsigned(after, prefix) < 0) {
            return prefix;
        }
        return Arrays.copyOf(after, after.length + 1);
    }

    /** The smallest key greater than every key with the prefix; null where there is none (an empty prefix, or 0xFF bytes only). */
    public byte @Nullable [] end() {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] end = Arrays.copyOf(prefix, length);
        end[length - 1]++;
        return end;
    }
}
