package io.tarn.master.simulation;

import io.tarn.master.state.StateStore;
import io.tarn.testing.simulation.Replaces;

/** A defect: a new leader believes what it mirrored when it led before. */
public final class StaleMirror {
    private StaleMirror() {}

    @Replaces(StateStore.class)
    public static void forgetMirror(StateStore store) {}
}
