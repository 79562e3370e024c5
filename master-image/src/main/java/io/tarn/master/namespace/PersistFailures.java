package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which inodes could not be persisted lately, why, and when to try them again: after 1 s, doubling to 5 min. Soft state, for at most {@value #MAX_KNOWN}.
 * Safe for many threads.
 */
final class PersistFailures {
    private static final int MAX_KNOWN = 100_000;
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 300_000;
    private static final int MAX_DOUBLINGS = 10;
    /** After a worker's restart. */
    private static final int QUICK_ATTEMPTS = 3;

    private final Map<Long, Failure> byInode = new ConcurrentHashMap<>();

    /**
     * @param attempts that failed, one after the other
     * @param conflict the store held something else than expected: it is to be written over
     */
    record Failure(int attempts, long nextMillis, boolean conflict, String message) {}

    void note(long inodeId, String place, TarnException failure, long nowMillis) {
        Failure before = byInode.get(inodeId);
        if (before == null && byInode.size() >= MAX_KNOWN) {
            return;
        }
        int attempts = before == null ? 1 : before.attempts + 1;
        boolean conflict = isConflict(failure);
        boolean passing = failure.code() == ErrorCode.UNAVAILABLE && attempts <= QUICK_ATTEMPTS;
        boolean first = passing || (conflict && (before == null || !before.conflict));
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempts - 1, MAX_DOUBLINGS));
        byInode.put(
                inodeId,
                new Failure(
                        attempts,
                        first ? nowMillis : nowMillis + pause,
                        conflict || (before != null && before.conflict),
                        place + ": " + failure.getMessage()));
    }

    /** Whether the store holds something else than was known. */
    static boolean isConflict(TarnException failure) {
        return failure.code() == ErrorCode.ALREADY_EXISTS || failure.code() == ErrorCode.STORE_CHANGED;
    }

    void forget(long inodeId) {
        byInode.remove(inodeId);
    }

    @Nullable
    Failure of(long inodeId) {
        return byInode.get(inodeId);
    }

    boolean mayTry(long inodeId, long nowMillis) {
        Failure failure = byInode.get(inodeId);
        return failure == null || failure.nextMillis <= nowMillis;
    }

    /** What one of them met; empty where nothing fails. */
    String example() {
        return byInode.values().stream().findFirst().map(Failure::message).orElse("");
    }

    int count() {
        return byInode.size();
    }

    /** Forgets what is not waiting any more. */
    void retain(LongPredicate waiting) {
        byInode.keySet().removeIf(inodeId -> !waiting.test(inodeId));
    }
}
