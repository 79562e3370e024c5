package io.tarn.master.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A state as it will be: layers of changes that are on their way, over a base that has been committed. Writes go to the newest layer; reads see the newest
 * layer that knows the key.
 *
 * <p>For one thread. Another thread may apply the oldest layers to the base meanwhile, as long as it does not change the layers themselves: what is read is
 * the same before and after.
 */
public final class LayeredState implements StateWriter {
    private final StateReader base;
    private final Deque<Changes> newestFirst = new ArrayDeque<>(4);

    public LayeredState(StateReader base) {
        this.base = base;
    }

    /** Adds a layer over all others. */
    public void push(Changes layer) {
        newestFirst.addFirst(layer);
    }

    /** Takes the newest layer away. */
    public Changes pop() {
        return newestFirst.removeFirst();
    }

    /** Takes the oldest layer away: the base holds it now. */
    public Changes removeOldest() {
        return newestFirst.removeLast();
    }

    /** Drops every layer. */
    public void clear() {
        newestFirst.clear();
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        for (Changes layer : newestFirst) {
            NavigableMap<byte[], byte @Nullable []> entries = layer.tables().get(table);
            if (entries != null) {
                byte[] value = entries.get(key);
                if (value != null || entries.containsKey(key)) {
                    return value;
                }
            }
        }
        return base.get(table, key);
    }

    /** Writes made while the cursor is open are seen where they lie ahead of it. */
    @Override
    public Cursor scan(Table table, byte[] prefix, byte @Nullable [] after) {
        return new LayeredCursor(this, table, new KeyRange(prefix, after), base.scan(table, prefix, after));
    }

    @Override
    public void put(Table table, byte[] key, byte[] value) {
        newestFirst.getFirst().put(table, key, value);
    }

    @Override
    public void delete(Table table, byte[] key) {
        newestFirst.getFirst().delete(table, key);
    }

    Iterator<Changes> layersNewestFirst() {
        return newestFirst.iterator();
    }
}
