package io.tarn.protocol.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.id.FileVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RendezvousTest {
    private static final int KEYS = 20_000;
    private static final List<List<Long>> PINNED = List.of(
            List.of(3L, 1L, 2L),
            List.of(3L, 1L, 2L),
            List.of(1L, 3L, 2L),
            List.of(2L, 1L, 3L),
            List.of(1L, 3L, 2L),
            List.of(3L, 1L, 2L));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void eachWorkerIsHomeToItsShareOfTheCapacity(long seed) {
        List<Candidate> candidates = candidates(new Random(seed));
        double total = candidates.stream().mapToDouble(Candidate::capacityBytes).sum();
        Map<Long, Integer> homes = new HashMap<>();
        for (int block = 0; block < KEYS; block++) {
            homes.merge(Rendezvous.rank(blockOf(seed, block), candidates).get(0), 1, Integer::sum);
        }
        for (Candidate candidate : candidates) {
            double share = candidate.capacityBytes() / total;
            double deviation = Math.sqrt(KEYS * share * (1 - share));
            int got = homes.getOrDefault(candidate.workerId(), 0);
            assertTrue(
                    Math.abs(got - KEYS * share) < 5 * deviation + 1, candidate + " is home to " + got + " of " + KEYS);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void aWorkerThatGoesMovesOnlyWhatItHad(long seed) {
        Random random = new Random(seed);
        List<Candidate> before = candidates(random);
        Candidate gone = before.get(random.nextInt(before.size()));
        List<Candidate> after = new ArrayList<>(before);
        after.remove(gone);
        for (int block = 0; block < 500; block++) {
            PlacementKey key = blockOf(seed, block);
            List<Long> expected = new ArrayList<>(Rendezvous.rank(key, before));
            expected.remove(gone.workerId());
            assertEquals(expected, Rendezvous.rank(key, after));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void aWorkerThatGrowsOnlyGains(long seed) {
        Random random = new Random(seed);
        List<Candidate> before = candidates(random);
        List<Candidate> after = new ArrayList<>(before);
        Candidate small = after.remove(random.nextInt(after.size()));
        after.add(new Candidate(small.workerId(), small.capacityBytes() * 3));
        for (int block = 0; block < 500; block++) {
            PlacementKey key = blockOf(seed, block);
            long home = Rendezvous.rank(key, after).get(0);
            assertTrue(home == small.workerId()
                    || home == Rendezvous.rank(key, before).get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void theOrderOfTheCandidatesDoesNotMatter(long seed) {
        Random random = new Random(seed);
        List<Candidate> candidates = candidates(random);
        List<Candidate> shuffled = new ArrayList<>(candidates);
        Collections.shuffle(shuffled, random);
        PlacementKey key = PlacementKey.ofVersion(FileVersion.owned(1, seed));
        assertEquals(Rendezvous.rank(key, candidates), Rendezvous.rank(key, shuffled));
    }

    /** A change of these is a change of the protocol: two releases in one cluster would look for pages at different workers. */
    @Test
    void theRankIsTheSameInEveryRelease() {
        List<Candidate> candidates =
                List.of(new Candidate(1, 1L << 30), new Candidate(2, 1L << 30), new Candidate(3, 4L << 30));
        List<List<Long>> ranks = new ArrayList<>();
        for (int block = 0; block < 6; block++) {
            ranks.add(Rendezvous.rank(PlacementKey.ofBlock(FileVersion.owned(7, 1), block), candidates));
        }
        assertEquals(PINNED, ranks);
    }

    @Test
    void whoHasNoCapacityIsNotChosen() {
        PlacementKey key = PlacementKey.ofVersion(FileVersion.owned(1, 1));
        assertEquals(List.of(2L), Rendezvous.rank(key, List.of(new Candidate(1, 0), new Candidate(2, 1))));
        assertEquals(List.of(), Rendezvous.rank(key, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Candidate(1, -1));
    }

    @Test
    void aVersionAndItsBlocksAreDifferentKeys() {
        FileVersion version = FileVersion.owned(5, 6);
        assertNotEquals(PlacementKey.ofVersion(version), PlacementKey.ofBlock(version, 0));
        assertNotEquals(PlacementKey.ofBlock(version, 1), PlacementKey.ofBlock(version, 0));
        assertNotEquals(PlacementKey.ofVersion(version), PlacementKey.ofVersion(FileVersion.owned(6, 5)));
        assertThrows(IllegalArgumentException.class, () -> PlacementKey.ofBlock(version, -1));
    }

    private static PlacementKey blockOf(long seed, int block) {
        return PlacementKey.ofBlock(FileVersion.owned(seed, 1), block);
    }

    /** Two to ten workers, the largest a hundred times the smallest at most. */
    private static List<Candidate> candidates(Random random) {
        List<Candidate> candidates = new ArrayList<>();
        int count = 2 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            candidates.add(new Candidate(random.nextLong(), (1L << 30) * (1 + random.nextInt(100))));
        }
        return candidates;
    }
}
