package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.record.CallKey;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers to recent calls, so that a repeated call is answered, not carried out again: the last {@value #CALLS_PER_CLIENT} of each of the last
 * {@value #MAX_CLIENTS} clients. What is here only speeds things up and bounds the table; the answers themselves are in the state. Used in the leader's
 * thread.
 */
final class CallWindow {
    static final int CALLS_PER_CLIENT = 64;
    static final int MAX_CLIENTS = 10_000;

    private final Map<Long, Deque<Long>> byClient = new LinkedHashMap<>(16, 0.75f, true);

    CallWindow(StateReader committed) {
        try (StateReader.Cursor cursor = committed.scan(Table.CALL, Keys.ALL, null)) {
            while (cursor.next()) {
                ByteBuffer key = ByteBuffer.wrap(cursor.key());
                byClient.computeIfAbsent(key.getLong(), c -> new ArrayDeque<>()).add(key.getLong());
            }
        }
    }

    /** The answer that an earlier try of this call was given, or null. */
    byte @Nullable [] earlier(CallKey call, NamespaceView view) {
        if (!call.isRemembered()) {
            return null;
        }
        Deque<Long> numbers = byClient.get(call.clientId());
        return numbers == null || !numbers.contains(call.callNumber()) ? null : view.answer(call);
    }

    /** Remembers an answer, and forgets what falls out of the bounds. */
    void remember(CallKey call, ByteString answer, Consumer<Record> records) {
        if (!call.isRemembered()) {
            return;
        }
        Deque<Long> numbers = byClient.computeIfAbsent(call.clientId(), c -> new ArrayDeque<>());
        numbers.remove(call.callNumber());
        long forgotten = numbers.size() >= CALLS_PER_CLIENT ? numbers.removeFirst() : 0;
        numbers.addLast(call.callNumber());
        records.accept(new Record.CallAnswered(call, answer, forgotten));
        if (byClient.size() > MAX_CLIENTS) {
            Iterator<Map.Entry<Long, Deque<Long>>> oldest = byClient.entrySet().iterator();
            Map.Entry<Long, Deque<Long>> client = oldest.next();
            List<Long> all = new ArrayList<>(client.getValue());
            records.accept(new Record.CallsForgotten(client.getKey(), all));
            oldest.remove();
        }
    }
}
