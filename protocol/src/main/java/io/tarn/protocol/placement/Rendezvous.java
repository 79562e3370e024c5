package io.tarn.protocol.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Weighted rendezvous hashing: each worker draws a score from a hash of the key and its own id, scaled by its capacity, and the highest wins. All processes
 * that know the same workers agree without talking, and a worker that goes moves only what it had. Pure; safe for many threads.
 */
public final class Rendezvous {
    private static final double UNIT = 0x1p-52;

    private Rendezvous() {}

    /** The ids of all candidates with capacity, the key's home first; whatever order they came in, the answer is the same. */
    public static List<Long> rank(PlacementKey key, List<Candidate> candidates) {
        List<Scored> scored = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (candidate.capacityBytes() > 0) {
                scored.add(new Scored(candidate.workerId(), score(key, candidate)));
            }
        }
        scored.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparingLong(Scored::workerId));
        return scored.stream().map(Scored::workerId).toList();
    }

    /** StrictMath, since two machines must come to the same bits. The hash becomes a number between 0 and 1, both excluded. */
    private static double score(PlacementKey key, Candidate candidate) {
        long hash = PlacementKey.mix(key.hash() ^ PlacementKey.mix(candidate.workerId()));
        double drawn = ((hash >>> 12) + 0.5) * UNIT;
        return -candidate.capacityBytes() / StrictMath.log(drawn);
    }

    private record Scored(long workerId, double score) {}
}
