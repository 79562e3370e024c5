package io.tarn.protocol.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers here are named by their zone and a number. */
class ZoneSpreadTest {
    @Test
    void eachNextWorkerIsOfAZoneThatHasFewest() {
        assertEquals(
                List.of("a1", "b1", "c1", "a2", "b2", "a3"),
                order(List.of("a1", "a2", "a3", "b1", "b2", "c1"), List.of()));
    }

    @Test
    void zonesThatHaveACopyComeLast() {
        assertEquals(List.of("b1", "a1", "b2", "a2"), order(List.of("a1", "a2", "b1", "b2"), List.of("a")));
        assertEquals(List.of("c1", "a1", "b1"), order(List.of("a1", "b1", "c1"), List.of("a", "b")));
        assertEquals(List.of("b1", "b2", "a1"), order(List.of("a1", "b1", "b2"), List.of("a", "a")));
    }

    @Test
    void withoutZonesTheRankStays() {
        List<String> ranked = List.of("3", "1", "2");
        assertEquals(ranked, ZoneSpread.order(ranked, worker -> "", List.of("")));
        assertEquals(List.of(), order(List.of(), List.of("a")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theFirstOnesAreInDifferentZonesWhateverTheRank(long seed) {
        Random random = new Random(seed);
        List<String> ranked = new ArrayList<>();
        int zones = 1 + random.nextInt(5);
        for (int zone = 0; zone < zones; zone++) {
            for (int number = random.nextInt(6); number >= 0; number--) {
                ranked.add("abcde".charAt(zone) + "" + number);
            }
        }
        Collections.shuffle(ranked, random);
        List<String> ordered = order(ranked, List.of());
        assertEquals(ranked.get(0), ordered.get(0));
        assertEquals(new HashSet<>(ranked), new HashSet<>(ordered));
        assertEquals(ranked.size(), ordered.size());
        assertEquals(
                zones,
                ordered.subList(0, zones).stream()
                        .map(ZoneSpreadTest::zone)
                        .distinct()
                        .count());
    }

    private static List<String> order(List<String> ranked, List<String> taken) {
        return ZoneSpread.order(ranked, ZoneSpreadTest::zone, taken);
    }

    private static String zone(String worker) {
        return worker.substring(0, 1);
    }
}
