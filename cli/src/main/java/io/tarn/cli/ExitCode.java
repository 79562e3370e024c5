package io.tarn.cli;

import io.tarn.protocol.error.ErrorCode;

/** What the command's exit status tells a script. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "failed for a reason that no other code names"),
    USAGE(2, "a flag, path or value that cannot be meant"),
    NOT_FOUND(3, "no such file, directory, mount or bucket"),
    DENIED(4, "not allowed: permissions, a read-only mount, wrong credentials"),
    UNAVAILABLE(5, "master, worker or under store does not answer; a later try may succeed"),
    CONFLICT(6, "what is there already is in the way: it exists, is no directory, is not empty, is being written"),
    NO_SPACE(7, "no room in the cache, or over a quota"),
    CORRUPT(8, "data that fails its checksum"),
    BROKEN_PIPE(141, "the reader of the output went away");

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    public int status() {
        return status;
    }

    public String meaning() {
        return meaning;
    }

    /** The status for a failure that Tarn names. */
    public static ExitCode of(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, NAME_TOO_LONG, UNSUPPORTED, NO_STORE -> USAGE;
            case NOT_FOUND, STORE_NOT_FOUND -> NOT_FOUND;
            case PERMISSION_DENIED, READ_ONLY, UNAUTHENTICATED, STORE_DENIED -> DENIED;
            case UNAVAILABLE, NOT_LEADER, STALE_EPOCH, TICKET_EXPIRED, TIMEOUT, BUSY, STORE_UNAVAILABLE -> UNAVAILABLE;
            case ALREADY_EXISTS,
                    NOT_A_DIRECTORY,
                    IS_A_DIRECTORY,
                    DIRECTORY_NOT_EMPTY,
                    CROSS_MOUNT,
                    LEASE_CONFLICT,
                    LEASE_EXPIRED,
                    LINK_LOOP,
                    STORE_CHANGED -> CONFLICT;
            case NO_SPACE, TOO_LARGE, QUOTA_EXCEEDED -> NO_SPACE;
            case CORRUPT -> CORRUPT;
            case OUTCOME_UNKNOWN, MALFORMED, INTERNAL -> FAILED;
        };
    }
}
