package io.tarn.master.simulation;

import io.tarn.testing.simulation.SimulatedProcess;
import java.time.Instant;
import java.time.InstantSource;

/** A process's wall clock. */
record ProcessClock(SimulatedProcess process) implements InstantSource {
    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return process.millis();
    }
}
