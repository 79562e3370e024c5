package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The directories in a directory of a mount at or below which something owned hangs, by their names, in the order of the names' bytes. Costs a few seeks each,
 * however much hangs there. For one thread.
 */
final class HangingDirectories {
    /** In no name, and greater than all that is. */
    private static final byte LAST = (byte) 0xFF;

    private final StateReader state;
    private final byte[] prefix;

    HangingDirectories(StateReader state, MountPlace directory) {
        this.state = state;
        String path = directory.path();
        prefix = Keys.hanging(directory.mount().id(), path.isEmpty() ? "" : path + "/");
    }

    /** The first name after another; null: there is none. */
    @Nullable
    String next(String after) {
        byte[] name = after.getBytes(StandardCharsets.UTF_8);
        byte[] passed = Arrays.copyOf(prefix, prefix.length + name.length + 2);
        System.arraycopy(name, 0, passed, prefix.length, name.length);
        passed[passed.length - 1] = LAST;
        while (true) {
            byte[] key = firstAfter(prefix, passed);
            if (key == null) {
                return null;
            }
            int end = endOfName(key);
            if (Arrays.compareUnsigned(key, prefix.length, end, name, 0, name.length) > 0) {
                int first = endOfFirst(key, end, name);
                return new String(key, prefix.length, first - prefix.length, StandardCharsets.UTF_8);
            }
            passed = Arrays.copyOf(key, end + 2);
            passed[end + 1] = LAST;
        }
    }

    /** What hangs in a directory comes in the order of names; what hangs further below does not, since some bytes of names come before "/". */
    private int endOfFirst(byte[] key, int end, byte[] after) {
        for (int i = prefix.length + 1; i < end; i++) {
            if (key[i] > 0
                    && key[i] < '/'
                    && Arrays.compareUnsigned(key, prefix.length, i, after, 0, after.length) > 0) {
                byte[] below = Arrays.copyOf(key, i + 1);
                below[i] = '/';
                if (firstAfter(below, null) != null) {
                    return i;
                }
            }
        }
        return end;
    }

    private int endOfName(byte[] key) {
        int end = prefix.length;
        while (key[end] != 0 && key[end] != '/') {
            end++;
        }
        return end;
    }

    private byte @Nullable [] firstAfter(byte[] start, byte @Nullable [] passed) {
        try (StateReader.Cursor cursor = state.scan(Table.EDGE, start, passed)) {
            return cursor.next() ? cursor.key() : null;
        }
    }
}
