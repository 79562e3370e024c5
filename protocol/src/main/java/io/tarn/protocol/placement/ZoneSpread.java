package io.tarn.protocol.placement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Orders workers so that copies come to lie in as many zones as there are, since the workers of a zone may be lost together. Pure; safe for many threads. */
public final class ZoneSpread {
    private ZoneSpread() {}

    /**
     * The same workers: each next one is of a zone that has the fewest so far, and of those the best. Without zones the order stays as it is.
     *
     * @param ranked best first
     * @param zoneOf "" where a worker has none; these count as one zone
     * @param taken the zones of workers that have a copy, one for each
     */
    public static <T> List<T> order(List<T> ranked, Function<T, String> zoneOf, Collection<String> taken) {
        Map<String, Zone<T>> zones = new LinkedHashMap<>();
        for (String zone : taken) {
            zones.computeIfAbsent(zone, name -> new Zone<>()).copies++;
        }
        for (int rank = 0; rank < ranked.size(); rank++) {
            T worker = ranked.get(rank);
            zones.computeIfAbsent(zoneOf.apply(worker), name -> new Zone<>())
                    .left
                    .add(new Ranked<>(worker, rank));
        }
        List<Zone<T>> waiting = new ArrayList<>(zones.values());
        waiting.removeIf(zone -> zone.left.isEmpty());
        List<T> ordered = new ArrayList<>(ranked.size());
        while (!waiting.isEmpty()) {
            Zone<T> next = Collections.min(
                    waiting,
                    Comparator.<Zone<T>>comparingInt(zone -> zone.copies)
                            .thenComparingInt(zone -> zone.left.element().rank()));
            ordered.add(next.left.remove().worker());
            next.copies++;
            if (next.left.isEmpty()) {
                waiting.remove(next);
            }
        }
        return ordered;
    }

    private record Ranked<T>(T worker, int rank) {}

    /** For one call. */
    private static final class Zone<T> {
        private final Deque<Ranked<T>> left = new ArrayDeque<>();
        private int copies;
    }
}
