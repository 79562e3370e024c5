package io.tarn.master.simulation;

import io.tarn.testing.simulation.SimulatedClasses;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Runs seeds one after the other, in this process. */
final class Seeds {
    private final List<Class<?>> planted;

    /** @param planted defects in Tarn's code, as {@link SimulatedClasses} has them */
    Seeds(Class<?>... planted) {
        this.planted = List.of(planted);
    }

    /**
     * What came of some seeds.
     *
     * @param figures summed up
     * @param failures by seed; after the first one no further seed is begun
     */
    record Outcome(Map<String, Long> figures, Map<Long, Throwable> failures) {}

    /** @param step from one seed to the next */
    Outcome run(long first, long end, long step) throws ReflectiveOperationException {
        Outcome outcome = new Outcome(new TreeMap<>(), new TreeMap<>());
        Method run = load();
        for (long seed = first; seed < end && outcome.failures.isEmpty(); seed += step) {
            try {
                run(run, seed).forEach((what, number) -> outcome.figures.merge(what, number, Long::sum));
            } catch (InvocationTargetException e) {
                outcome.failures.put(seed, Objects.requireNonNull(e.getCause()));
            }
        }
        return outcome;
    }

    /** {@link SimulationRun#run} in classes of their own. */
    Method load() throws ReflectiveOperationException {
        return new SimulatedClasses(Seeds.class.getClassLoader(), planted)
                .loadClass(SimulationRun.class.getName())
                .getMethod("run", long.class);
    }

    @SuppressWarnings("unchecked") // the method's own type, in another class loader
    static Map<String, Long> run(Method run, long seed) throws ReflectiveOperationException {
        return (Map<String, Long>) Objects.requireNonNull(run.invoke(null, seed));
    }
}
