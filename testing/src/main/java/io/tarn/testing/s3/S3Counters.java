package io.tarn.testing.s3;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one S3 server serves, and on request remembers which ranges of which object were asked for. Thread-safe; exact once the requests
 * counted have been answered.
 */
public final class S3Counters {
    private final Map<S3RequestKind, LongAdder> requests = new EnumMap<>(S3RequestKind.class);
    private final LongAdder copies = new LongAdder();
    private final LongAdder objectBytesOut = new LongAdder();
    private final LongAdder objectBytesIn = new LongAdder();
    private final @Nullable Map<String, Queue<String>> ranges;

    S3Counters(boolean recordRanges) {
        for (S3RequestKind kind : S3RequestKind.values()) {
            requests.put(kind, new LongAdder());
        }
        ranges = recordRanges ? new ConcurrentHashMap<>() : null;
    }

    public S3Counts snapshot() {
        return new S3Counts(
                count(S3RequestKind.GET),
                count(S3RequestKind.HEAD),
                count(S3RequestKind.PUT),
                count(S3RequestKind.LIST),
                count(S3RequestKind.DELETE),
                objectBytesOut.sum(),
                objectBytesIn.sum());
    }

    /** Starts again from zero and forgets recorded ranges; to be called while no request is in flight. */
    public void reset() {
        requests.values().forEach(LongAdder::reset);
        copies.reset();
        objectBytesOut.reset();
        objectBytesIn.reset();
        if (ranges != null) {
            ranges.clear();
        }
    }

    /** How many of the PUTs asked for a copy of an object or of a part of one, as a rename on S3 does. */
    public long copies() {
        return copies.sum();
    }

    /**
     * The {@code Range} headers of the GETs of {@code path} ("/bucket/key", as on the wire), oldest first; "" stands for a GET of the whole object.
     * Empty unless the server was started with {@link S3Settings#recordRanges}.
     */
    public List<String> ranges(String path) {
        Queue<String> recorded = ranges == null ? null : ranges.get(path);
        return recorded == null ? List.of() : List.copyOf(recorded);
    }

    void request(S3RequestKind kind, String path, @Nullable String range) {
        adder(kind).increment();
        if (ranges != null && kind == S3RequestKind.GET) {
            ranges.computeIfAbsent(path, key -> new ConcurrentLinkedQueue<>()).add(range == null ? "" : range);
        }
    }

    void copy() {
        copies.increment();
    }

    void sent(long bytes) {
        objectBytesOut.add(bytes);
    }

    void received(long bytes) {
        objectBytesIn.add(bytes);
    }

    private long count(S3RequestKind kind) {
        return adder(kind).sum();
    }

    private LongAdder adder(S3RequestKind kind) {
        return Objects.requireNonNull(requests.get(kind));
    }
}
