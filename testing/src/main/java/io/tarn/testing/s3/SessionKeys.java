package io.tarn.testing.s3;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Key pairs that a token service has handed out for one server: each counts together with its session token only, and until it has expired.
 * Thread-safe.
 */
public final class SessionKeys {
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private record Session(String secretKey, String sessionToken, boolean expired) {}

    /** Lets requests in that are signed with this pair and carry this token. */
    public void admit(String accessKey, String secretKey, String sessionToken) {
        sessions.put(accessKey, new Session(secretKey, sessionToken, false));
    }

    /** Refuses the pair from now on, as expired; nothing happens if it was never admitted. */
    public void expire(String accessKey) {
        sessions.computeIfPresent(
                accessKey, (key, session) -> new Session(session.secretKey(), session.sessionToken(), true));
    }

    /** What the pair's signatures are made with, or null for an unknown one. */
    @Nullable
    String secretKey(String accessKey) {
        Session session = sessions.get(accessKey);
        return session == null ? null : session.secretKey();
    }

    /** S3's error code for a request with this token, or null where it may pass. */
    @Nullable
    String refusal(String accessKey, @Nullable String sessionToken) {
        Session session = sessions.get(accessKey);
        if (session == null) {
            return sessionToken == null ? null : "InvalidToken";
        }
        if (!session.sessionToken().equals(sessionToken)) {
            return "InvalidToken";
        }
        return session.expired() ? "ExpiredToken" : null;
    }
}
