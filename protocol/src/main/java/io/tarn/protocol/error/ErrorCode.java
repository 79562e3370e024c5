package io.tarn.protocol.error;

/** What went wrong, as every Tarn process, client and the command line name it. Numbers are on the wire: never reused. */
public enum ErrorCode {
    /** A flag, path, name or value that cannot be meant. */
    INVALID_ARGUMENT(1, Kind.USER),
    NOT_FOUND(2, Kind.USER),
    ALREADY_EXISTS(3, Kind.USER),
    NOT_A_DIRECTORY(4, Kind.USER),
    IS_A_DIRECTORY(5, Kind.USER),
    DIRECTORY_NOT_EMPTY(6, Kind.USER),
    PERMISSION_DENIED(7, Kind.USER),
    /** The mount takes no writes. */
    READ_ONLY(8, Kind.USER),
    /** A rename from one mount to another: copy and delete instead. */
    CROSS_MOUNT(9, Kind.USER),
    /** The write type needs an under store and the path has none. */
    NO_STORE(10, Kind.USER),
    /** Another client writes this file. */
    LEASE_CONFLICT(11, Kind.USER),
    /** The writer waited too long; the file was sealed or dropped. */
    LEASE_EXPIRED(12, Kind.USER),
    NAME_TOO_LONG(13, Kind.USER),
    UNSUPPORTED(14, Kind.USER),
    UNAUTHENTICATED(15, Kind.USER),
    /** A path leads through too many symbolic links, perhaps in a circle. */
    LINK_LOOP(16, Kind.USER),
    /** The object in the under store is no longer the one that was opened. */
    STORE_CHANGED(20, Kind.STORE),
    STORE_UNAVAILABLE(21, Kind.STORE),
    STORE_DENIED(22, Kind.STORE),
    STORE_NOT_FOUND(23, Kind.STORE),
    NO_SPACE(30, Kind.RESOURCES),
    /** Over a bound; try again after the delay that comes with it. */
    BUSY(31, Kind.RESOURCES),
    TOO_LARGE(32, Kind.RESOURCES),
    QUOTA_EXCEEDED(33, Kind.RESOURCES),
    /** The connection, the process or the leader is away; a retry may succeed. */
    UNAVAILABLE(40, Kind.TRANSIENT),
    NOT_LEADER(41, Kind.TRANSIENT),
    STALE_EPOCH(42, Kind.TRANSIENT),
    TICKET_EXPIRED(43, Kind.TRANSIENT),
    TIMEOUT(44, Kind.TRANSIENT),
    /** It may have happened or not: read back before a retry. */
    OUTCOME_UNKNOWN(45, Kind.TRANSIENT),
    /** Bytes that fail their checksum, with no other source to repair from. */
    CORRUPT(50, Kind.INTERNAL),
    /** The peer does not speak this protocol. */
    MALFORMED(51, Kind.INTERNAL),
    INTERNAL(52, Kind.INTERNAL);

    /** Whose turn it is to act. */
    public enum Kind {
        /** The caller's. */
        USER,
        /** Whoever runs the under store. */
        STORE,
        /** Whoever sizes the cluster. */
        RESOURCES,
        /** Nobody's: it passes. */
        TRANSIENT,
        /** Tarn's authors. */
        INTERNAL
    }

    private static final ErrorCode[] BY_NUMBER = new ErrorCode[64];

    static {
        for (ErrorCode code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;
    private final Kind kind;

    ErrorCode(int number, Kind kind) {
        this.number = number;
        this.kind = kind;
    }

    public int number() {
        return number;
    }

    public Kind kind() {
        return kind;
    }

    /** The code of a number from the wire; INTERNAL for one that this release does not know. */
    public static ErrorCode ofNumber(int number) {
        ErrorCode code = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return code == null ? INTERNAL : code;
    }
}
