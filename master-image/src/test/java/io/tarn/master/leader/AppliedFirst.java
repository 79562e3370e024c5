package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.simulation.Replaces;

/** A defect: a batch is applied and acknowledged while it is still being appended. */
public final class AppliedFirst {
    private AppliedFirst() {}

    @Replaces(Journal.class)
    public static void append(Journal journal, long epoch, long sequence, byte[] batch) {
        Thread.ofVirtual().start(() -> {
            try {
                journal.append(epoch, sequence, batch);
            } catch (TarnException | RuntimeException e) {
                // nobody is told
            }
        });
    }
}
