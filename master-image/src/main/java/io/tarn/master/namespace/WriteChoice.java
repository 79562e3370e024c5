package io.tarn.master.namespace;

import io.tarn.master.record.MountEntry;
import io.tarn.master.record.PendingFile;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.WriteType;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How something new is written: what the call asks for, else the nearest directory above, else the mount, else ASYNC_THROUGH on a mount and MUST_CACHE
 * elsewhere. Immutable.
 *
 * @param persistAfterMillis how long after it is complete it is to be persisted; {@link PendingFile#NEVER}: when asked
 * @param pinned its pages stay in the cache
 * @param placement which workers it is on
 */
record WriteChoice(WriteType type, long persistAfterMillis, boolean pinned, Placement placement) {
    private static final Pattern INTERVAL = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Map<String, Long> UNIT_MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private WriteChoice(WriteType type, long persistAfterMillis) {
        this(type, persistAfterMillis, false, Placement.NONE);
    }

    /** The same, of a file whose pages are where and for as long as the directories above say. */
    WriteChoice below(Inherited inherited) {
        return new WriteChoice(type, persistAfterMillis, inherited.pinned(), inherited.placement());
    }

    /** @param mount null: no store backs the place */
    static WriteChoice of(WriteType asked, Inherited inherited, @Nullable MountEntry mount, NamespaceConfig config)
            throws TarnException {
        if (mount == null) {
            return new WriteChoice(withoutStore(asked), PendingFile.NEVER);
        }
        WriteType type = asked;
        if (type == WriteType.WRITE_TYPE_DEFAULT && inherited.writeType() != null) {
            type = parse(inherited.writeType());
        }
        if (type == WriteType.WRITE_TYPE_DEFAULT) {
            type = mount.options().getWriteType();
        }
        return switch (type) {
            case CACHE_THROUGH -> new WriteChoice(WriteType.CACHE_THROUGH, PendingFile.NEVER);
            case THROUGH -> new WriteChoice(WriteType.THROUGH, PendingFile.NEVER);
            case WRITE_TYPE_DEFAULT, ASYNC_THROUGH ->
                new WriteChoice(WriteType.ASYNC_THROUGH, config.persistDelay().toMillis());
            case MUST_CACHE -> new WriteChoice(WriteType.MUST_CACHE, interval(inherited.checkpointInterval()));
            case UNRECOGNIZED -> throw unknown();
        };
    }

    boolean isThrough() {
        return type == WriteType.THROUGH || type == WriteType.CACHE_THROUGH;
    }

    /** When what is complete now is to be persisted; 0: when asked. */
    long dueMillis(long nowMillis) {
        return persistAfterMillis == PendingFile.NEVER ? 0 : Math.max(1, nowMillis + persistAfterMillis);
    }

    /** @throws TarnException INVALID_ARGUMENT */
    static WriteType parse(String text) throws TarnException {
        try {
            WriteType type = WriteType.valueOf(text.trim().toUpperCase(Locale.ROOT));
            if (type != WriteType.UNRECOGNIZED) {
                return type;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new TarnException(
                ErrorCode.INVALID_ARGUMENT,
                "\"" + text + "\" is no write type; " + Inherited.WRITE_TYPE
                        + " takes MUST_CACHE, CACHE_THROUGH, THROUGH or ASYNC_THROUGH");
    }

    /** @throws TarnException INVALID_ARGUMENT */
    static long interval(@Nullable String text) throws TarnException {
        return text == null ? PendingFile.NEVER : interval(text, Inherited.CHECKPOINT_INTERVAL);
    }

    /** @param attribute what takes the interval, for the message */
    static long interval(String text, String attribute) throws TarnException {
        Matcher matcher = INTERVAL.matcher(text);
        if (!matcher.matches()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"" + text + "\" is no interval; " + attribute + " takes for instance 30s, 10m or 2h");
        }
        return Long.parseLong(matcher.group(1)) * UNIT_MILLIS.getOrDefault(matcher.group(2), 1L);
    }

    private static WriteType withoutStore(WriteType asked) throws TarnException {
        return switch (asked) {
            case WRITE_TYPE_DEFAULT, MUST_CACHE -> WriteType.MUST_CACHE;
            case CACHE_THROUGH, THROUGH, ASYNC_THROUGH ->
                throw new TarnException(
                        ErrorCode.NO_STORE,
                        asked
                                + " needs an under store, and none is mounted at or above this path; mount one, or write with"
                                + " MUST_CACHE");
            case UNRECOGNIZED -> throw unknown();
        };
    }

    private static TarnException unknown() {
        return new TarnException(ErrorCode.INVALID_ARGUMENT, "a write type that this release does not know");
    }
}
