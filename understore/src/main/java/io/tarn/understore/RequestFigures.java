package io.tarn.understore;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests and payload bytes by kind. Safe for use by many threads. */
public final class RequestFigures {
    private final Map<String, Counters> kinds = new ConcurrentHashMap<>();

    private record Counters(LongAdder requests, LongAdder bytes) {}

    /** Counts one request of {@code kind} ("get", "put", "list", "head", "delete", "copy"). */
    public void request(String kind) {
        counters(kind).requests().increment();
    }

    /** Counts payload bytes of {@code kind}. */
    public void bytes(String kind, long bytes) {
        counters(kind).bytes().add(bytes);
    }

    public Map<String, StoreFigures> snapshot() {
        Map<String, StoreFigures> figures = new TreeMap<>();
        kinds.forEach((kind, counters) -> figures.put(
                kind,
                new StoreFigures(counters.requests().sum(), counters.bytes().sum())));
        return figures;
    }

    private Counters counters(String kind) {
        return kinds.computeIfAbsent(kind, any -> new Counters(new LongAdder(), new LongAdder()));
    }
}
