package io.tarn.master.membership;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker is asked for with its next sign of life, one thing for each key; told once, since who wants something of the worker asks again. Safe for many
 * threads.
 */
final class ToldOnce<K, V> {
    private final int most;
    private final Map<K, V> byKey = new LinkedHashMap<>();

    /** @param most that wait at a time; further ones are left to the next asking */
    ToldOnce(int most) {
        this.most = most;
    }

    synchronized void add(K key, V asked) {
        if (byKey.size() < most) {
            byKey.put(key, asked);
        }
    }

    synchronized List<V> take() {
        List<V> taken = List.copyOf(byKey.values());
        byKey.clear();
        return taken;
    }
}
