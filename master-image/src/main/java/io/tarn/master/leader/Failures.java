package io.tarn.master.leader;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;

/** Turns whatever went wrong into the error that callers get. */
final class Failures {
    private Failures() {}

    static TarnException of(Throwable failure) {
        if (failure instanceof TarnException tarn) {
            return tarn;
        }
        if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() instanceof TarnException tarn) {
            return tarn;
        }
        return new TarnException(
                ErrorCode.INTERNAL,
                "unexpected failure in the leader (" + failure + "): report it with the master's log",
                failure);
    }

    static TarnException notLeader(String why) {
        return new TarnException(ErrorCode.NOT_LEADER, why + ": nothing was changed, ask the leader again");
    }

    static TarnException outcomeUnknown(Throwable failure) {
        return new TarnException(
                ErrorCode.OUTCOME_UNKNOWN,
                "the change may have been made or not (" + failure.getMessage() + "): read it back before a retry",
                failure);
    }

    /** Whether a failed append certainly left nothing in the journal and the next one may succeed. */
    static boolean isRejection(TarnException failure) {
        return failure.code() == ErrorCode.NO_SPACE || failure.code() == ErrorCode.UNAVAILABLE;
    }
}
