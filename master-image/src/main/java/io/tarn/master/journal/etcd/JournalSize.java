package io.tarn.master.journal.etcd;

import java.util.ArrayDeque;
import java.util.Deque;

/** How many bytes of batches came after a sequence that moves on, to within a mebibyte. Thread-safe. */
final class JournalSize {
    private static final long STEP_BYTES = 1 << 20;

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long addedBytes;
    private long forgottenBytes;

    /** @param bytes of all batches up to this one */
    private record Mark(long sequence, long bytes) {}

    /** Batches come in the order of their sequences; one that came before does not count again. */
    synchronized void add(long sequence, int bytes) {
        Mark last = marks.peekLast();
        if (last != null && sequence <= last.sequence()) {
            return;
        }
        addedBytes += bytes;
        if (last == null || addedBytes - last.bytes() >= STEP_BYTES) {
            marks.addLast(new Mark(sequence, addedBytes));
        }
    }

    /** What is up to this one counts no more. */
    synchronized void forget(long upTo) {
        while (!marks.isEmpty() && marks.getFirst().sequence() <= upTo) {
            forgottenBytes = marks.removeFirst().bytes();
        }
    }

    synchronized long bytes() {
        return addedBytes - forgottenBytes;
    }
}
