package io.tarn.master.leader;

import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The smallest record type: a key and a value, "key=value", or "key" to delete. */
public final class TextRecords implements RecordType<String> {
    @Override
    public byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public void replay(String text, StateWriter state) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            state.delete(Table.INODE, encode(text));
        } else {
            state.put(Table.INODE, encode(text.substring(0, equals)), encode(text.substring(equals + 1)));
        }
    }

    public static @Nullable String get(StateReader state, String key) {
        byte[] value = state.get(Table.INODE, key.getBytes(StandardCharsets.UTF_8));
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** Writes a value; answers the one before it. */
    public static Operation<String, String> put(String key, String value) {
        return (state, records) -> {
            String before = get(state, key);
            records.accept(key + "=" + value);
            return String.valueOf(before);
        };
    }

    public static Operation<String, String> read(String key) {
        return (state, records) -> String.valueOf(get(state, key));
    }

    public static Operation<String, String> doing(Consumer<Consumer<String>> action) {
        return (state, records) -> {
            action.accept(records);
            return "done";
        };
    }
}
