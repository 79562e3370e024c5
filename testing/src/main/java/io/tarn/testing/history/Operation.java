package io.tarn.testing.history;

/**
 * One operation on one path, as its client saw it. Immutable.
 *
 * @param value what was written, or read; {@link #ABSENT} where nothing was there
 * @param invokedNanos monotonic
 * @param endedNanos {@link Long#MAX_VALUE} where it may take effect for ever
 */
public record Operation(String client, Kind kind, long value, Outcome outcome, long invokedNanos, long endedNanos) {
    /** What is read where there is no file. */
    public static final long ABSENT = 0;

    public enum Kind {
        /** Replaces whatever is there. */
        WRITE,
        /** Writes where nothing is. */
        CREATE,
        READ,
        DELETE
    }

    public enum Outcome {
        DONE,
        /** Refused: a create since something was there, a deletion since nothing was. */
        REFUSED,
        /** It has taken effect, or will, or never does. */
        UNKNOWN
    }

    /** One whose outcome nobody has told. */
    public static Operation unknown(String client, Kind kind, long value, long invokedNanos) {
        return new Operation(client, kind, value, Outcome.UNKNOWN, invokedNanos, Long.MAX_VALUE);
    }

    /** Whether it can have happened to a path with this content. */
    boolean fits(long content) {
        return switch (kind) {
            case WRITE -> true;
            case CREATE -> outcome == Outcome.REFUSED ? content != ABSENT : content == ABSENT;
            case READ -> content == value;
            case DELETE -> outcome == Outcome.REFUSED ? content == ABSENT : content != ABSENT;
        };
    }

    /** What is there afterwards. */
    long contentAfter(long content) {
        if (outcome == Outcome.REFUSED) {
            return content;
        }
        return switch (kind) {
            case WRITE, CREATE -> value;
            case READ -> content;
            case DELETE -> ABSENT;
        };
    }
}
