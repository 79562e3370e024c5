package io.tarn.testing.understore;

/**
 * What happens to the bytes of one read.
 *
 * @param kind what happens
 * @param atByte the byte of the call's range, counted from 0, at which it happens
 * @param action run at that byte, before the byte is delivered
 */
public record ReadFault(Kind kind, long atByte, Action action) {
    /** The ways of a read to go wrong. */
    public enum Kind {
        /** Delivers what lies before the byte, then fails with STORE_UNAVAILABLE. */
        TRUNCATE,
        /** Inverts the lowest bit of the byte and goes on: what only a checksum finds. */
        FLIP,
        /** Runs the action and goes on: waits for a latch, or replaces the object. */
        PAUSE
    }

    /** Something to do in the middle of a read. */
    public interface Action {
        void run() throws java.io.IOException, InterruptedException;
    }

    public static ReadFault truncate(long atByte) {
        return new ReadFault(Kind.TRUNCATE, atByte, () -> {});
    }

    public static ReadFault flip(long atByte) {
        return new ReadFault(Kind.FLIP, atByte, () -> {});
    }

    public static ReadFault pause(long atByte, Action action) {
        return new ReadFault(Kind.PAUSE, atByte, action);
    }
}
