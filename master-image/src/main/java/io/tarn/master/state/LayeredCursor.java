package io.tarn.master.state;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Merges the layers of a {@link LayeredState} with a scan of its base; the newest layer that knows a key decides. Layers are searched anew at each step, so
 * that their owner may write while it walks.
 */
final class LayeredCursor implements StateReader.Cursor {
    private final LayeredState layers;
    private final Table table;
    private final KeyRange range;
    private final StateReader.Cursor base;
    private boolean baseHasEntry;
    private byte @Nullable [] key;
    private byte @Nullable [] value;

    LayeredCursor(LayeredState layers, Table table, KeyRange range, StateReader.Cursor base) {
        this.layers = layers;
        this.table = table;
        this.range = range;
        this.base = base;
        this.baseHasEntry = base.next();
    }

    @Override
    public boolean next() {
        do {
            if (baseHasEntry && key != null && Arrays.equals(base.key(), key)) {
                baseHasEntry = base.next();
            }
            Map.@Nullable Entry<byte[], byte @Nullable []> changed = smallestChange();
            if (!baseHasEntry && changed == null) {
                key = null;
                value = null;
                return false;
            }
            if (changed != null && (!baseHasEntry || Arrays.compareUnsigned(changed.getKey(), base.key()) <= 0)) {
                key = changed.getKey();
                value = changed.getValue();
            } else {
                key = base.key();
                value = base.value();
            }
        } while (value == null);
        return true;
    }

    private Map.@Nullable Entry<byte[], byte @Nullable []> smallestChange() {
        Map.@Nullable Entry<byte[], byte @Nullable []> smallest = null;
        for (Iterator<Changes> layer = layers.layersNewestFirst(); layer.hasNext(); ) {
            NavigableMap<byte[], byte @Nullable []> entries =
                    layer.next().tables().get(table);
            if (entries == null) {
                continue;
            }
            Map.@Nullable Entry<byte[], byte @Nullable []> entry =
                    key == null ? entries.ceilingEntry(range.start()) : entries.higherEntry(key);
            if (entry != null
                    && range.contains(entry.getKey())
                    && (smallest == null || Arrays.compareUnsigned(entry.getKey(), smallest.getKey()) < 0)) {
                smallest = entry;
            }
        }
        return smallest;
    }

    @Override
    public byte[] key() {
        return Objects.requireNonNull(key, "next() has not returned true");
    }

    @Override
    public byte[] value() {
        return Objects.requireNonNull(value, "next() has not returned true");
    }

    @Override
    public void close() {
        base.close();
    }
}
