package io.tarn.client;

import java.util.Locale;

/**
 * Which worker new files are written to; what no store holds yet, that worker copies to others. Appends go to a worker that has the file. Immutable.
 *
 * @param host with {@code SPECIFIC_HOST} its name as the worker or a compute engine knows it; else ""
 */
public record WritePolicy(Kind kind, String host) {
    /** The worker on the client's own node, else any. */
    public static final WritePolicy LOCAL_FIRST = new WritePolicy(Kind.LOCAL_FIRST, "");

    /** The worker with the most free bytes when it was last heard of. */
    public static final WritePolicy MOST_AVAILABLE_FIRST = new WritePolicy(Kind.MOST_AVAILABLE_FIRST, "");

    /** One worker after the other, over all clients together. */
    public static final WritePolicy ROUND_ROBIN = new WritePolicy(Kind.ROUND_ROBIN, "");

    private static final String HOST_PREFIX = "specific-host:";

    /** The kinds of policies. */
    public enum Kind {
        LOCAL_FIRST,
        MOST_AVAILABLE_FIRST,
        ROUND_ROBIN,
        SPECIFIC_HOST
    }

    public WritePolicy {
        if ((kind == Kind.SPECIFIC_HOST) == host.isEmpty()) {
            throw new IllegalArgumentException("SPECIFIC_HOST needs a host, and no other policy has one");
        }
    }

    /** A worker on this host; creates fail with UNAVAILABLE while none is up there. */
    public static WritePolicy specificHost(String host) {
        return new WritePolicy(Kind.SPECIFIC_HOST, host);
    }

    /**
     * Reads a policy as settings write it.
     *
     * @throws IllegalArgumentException says what there is
     */
    public static WritePolicy parse(String text) {
        String trimmed = text.strip();
        String host = trimmed.regionMatches(true, 0, HOST_PREFIX, 0, HOST_PREFIX.length())
                ? trimmed.substring(HOST_PREFIX.length()).strip()
                : "";
        if (!host.isEmpty()) {
            return specificHost(host);
        }
        return switch (trimmed.toLowerCase(Locale.ROOT)) {
            case "local-first" -> LOCAL_FIRST;
            case "most-available-first" -> MOST_AVAILABLE_FIRST;
            case "round-robin" -> ROUND_ROBIN;
            default ->
                throw new IllegalArgumentException("\"" + text + "\" is no write policy; there are local-first,"
                        + " most-available-first, round-robin and specific-host:HOST");
        };
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return kind == Kind.SPECIFIC_HOST
                ? HOST_PREFIX + host
                : kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
