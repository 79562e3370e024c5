package io.tarn.testing.simulation;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** What would be different each time. Called by rewritten code only. */
public final class SimulatedChance {
    private SimulatedChance() {}

    @Replaces(UUID.class)
    public static UUID randomUUID() {
        Random random = Simulation.current().simulation().random();
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Replaces(SecureRandom.class)
    public static void nextBytes(SecureRandom unused, byte[] bytes) {
        Simulation.current().simulation().random().nextBytes(bytes);
    }

    @Replaces(Collection.class)
    public static Stream<?> parallelStream(Collection<?> elements) {
        return elements.stream();
    }
}
