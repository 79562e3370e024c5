package io.tarn.worker.pin;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.PinnedFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Which pinned files the master is asked about with a heartbeat: all in turn, 1,000 at a time. So whatever this worker has not heard of, a pin that was lifted, a
 * file that was deleted or replaced, frees its pages in the end. For one thread.
 */
public final class PinReview {
    private static final int MOST_AT_ONCE = 1_000;

    private final PinnedFiles files;
    private final Pins pins;
    private final long roundNanos;
    private Iterator<Pin> rest = Collections.emptyIterator();
    private long nextRoundNanos = System.nanoTime();

    /** @param round between the starts of two rounds, at least; a new pin is left alone for two of them, since the master may not have the file complete yet */
    public PinReview(PinnedFiles files, Pins pins, Duration round) {
        this.files = files;
        this.pins = pins;
        this.roundNanos = round.toNanos();
    }

    /** Those to ask about now. */
    public List<PinnedFile> next() {
        long now = System.nanoTime();
        if (!rest.hasNext() && now - nextRoundNanos >= 0) {
            rest = files.iterator();
            nextRoundNanos = now + roundNanos;
        }
        List<PinnedFile> asked = new ArrayList<>();
        while (rest.hasNext() && asked.size() < MOST_AT_ONCE) {
            Pin pin = rest.next();
            if (now - pin.notedNanos() > 2 * roundNanos) {
                asked.add(pin.toMessage());
            }
        }
        return asked;
    }

    public boolean isPinned(FileVersion version) {
        return files.contains(version);
    }

    /** What the master said. */
    public void unpinned(List<FileVersionId> versions) {
        versions.forEach(version -> pins.lift(FileVersion.of(version)));
    }
}
