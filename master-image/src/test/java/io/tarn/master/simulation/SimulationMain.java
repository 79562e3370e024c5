package io.tarn.master.simulation;

import java.util.concurrent.TimeUnit;

/** Runs seeds from the command line: the first one, and how many. See bin/simulation. */
public final class SimulationMain {
    private SimulationMain() {}

    public static void main(String[] arguments) throws Exception {
        long startNanos = System.nanoTime();
        SeedProcesses.Outcome outcome = SeedProcesses.run(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
        print(outcome);
        System.out.println(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos) + " s");
        System.out.print(outcome.said());
        System.exit(outcome.isSound() ? 0 : 1);
    }

    /** How much of what there was. */
    static void print(SeedProcesses.Outcome outcome) {
        outcome.figures().forEach((what, number) -> {
            if (!what.equals("trace")) {
                System.out.printf("%-32s %,d%n", what, number);
            }
        });
    }
}
