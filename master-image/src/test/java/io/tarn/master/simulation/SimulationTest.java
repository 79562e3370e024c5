package io.tarn.master.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.election.LeaseForEver;
import io.tarn.master.leader.AppliedFirst;
import io.tarn.master.membership.HoldersBelieved;
import io.tarn.master.namespace.CallsForgotten;
import io.tarn.master.namespace.LeaseReleasedEarly;
import io.tarn.master.namespace.NoHealing;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What bin/simulation runs, and whether it would find anything. */
@Timeout(2_400)
class SimulationTest {
    private static final long SEEDS = Long.getLong("tarn.simulation.seeds", 10_000);
    private static final long ENOUGH_TO_FIND = 1_000;

    @Test
    void noSeedBreaksAnInvariant() throws Exception {
        SeedProcesses.Outcome outcome = SeedProcesses.run(1, SEEDS);
        SimulationMain.print(outcome);
        assertTrue(outcome.isSound(), outcome::said);
        for (FaultKind kind : FaultKind.values()) {
            assertTrue(outcome.figures().containsKey("fault " + kind), () -> kind + " never came");
        }
        assertEquals(200 * SEEDS, outcome.figures().get("operations"));
        assertEquals(20 * SEEDS, outcome.figures().get("faults"));
    }

    @Test
    void aSeedDoesTheSameWhateverRanBefore() throws Exception {
        Method one = new Seeds().load();
        Method other = new Seeds().load();
        Seeds.run(one, 1);
        for (long seed = 2; seed < 12; seed++) {
            Map<String, Long> first = Seeds.run(one, seed);
            assertEquals(first, Seeds.run(other, seed));
            assertEquals(first, Seeds.run(one, seed));
        }
    }

    static Stream<Class<?>> defects() {
        return Stream.of(
                NoFence.class,
                StaleMirror.class,
                AppliedFirst.class,
                CallsForgotten.class,
                LeaseForEver.class,
                LeaseReleasedEarly.class,
                HoldersBelieved.class,
                NoHealing.class,
                RaisedUnasked.class);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aPlantedDefectIsFound(Class<?> defect) throws Exception {
        Seeds.Outcome outcome = new Seeds(defect).run(1, ENOUGH_TO_FIND, 1);
        assertFalse(outcome.failures().isEmpty(), () -> defect + " was not found by " + ENOUGH_TO_FIND + " seeds");
        outcome.failures()
                .forEach((seed, failure) ->
                        System.out.println(defect.getSimpleName() + ": seed " + seed + ", " + failure.getMessage()));
    }
}
