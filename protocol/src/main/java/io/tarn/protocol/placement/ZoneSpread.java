package io.tarn.protocol.placement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
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
        Map<String, Integer> counts = new HashMap<>();
        taken.forEach(zone -> counts.merge(zone, 1, Integer::sum));
        Map<String, Deque<Ranked<T>>> zones = new LinkedHashMap<>();
        for (int rank = 0; rank < ranked.size(); rank++) {
            T worker = ranked.get(rank);
            zones.computeIfAbsent(zoneOf.apply(worker), zone -> new ArrayDeque<>())
                    .add(new Ranked<>(worker, rank));
        }
        List<T> ordered = new ArrayList<>(ranked.size());
        while (ordered.size() < ranked.size()) {
            String zone = next(zones, counts);
            ordered.add(zones.get(zone).remove().worker());
            counts.merge(zone, 1, Integer::sum);
            if (zones.get(zone).isEmpty()) {
                zones.remove(zone);
            }
        }
        return ordered;
    }

    private record Ranked<T>(T worker, int rank) {}

    private static <T> String next(Map<String, Deque<Ranked<T>>> zones, Map<String, Integer> counts) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        int bestRank = Integer.MAX_VALUE;
        for (Map.Entry<String, Deque<Ranked<T>>> zone : zones.entrySet()) {
            int count = counts.getOrDefault(zone.getKey(), 0);
            int rank = zone.getValue().element().rank();
            if (count < fewest || (count == fewest && rank < bestRank)) {
                best = zone.getKey();
                fewest = count;
                bestRank = rank;
            }
        }
        return best;
    }
}
