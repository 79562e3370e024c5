package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.record.Inode;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a file lives after its last change, and what then happens to it. Kept as the attribute {@link Inode#TTL} of the file, or of a directory for all files
 * below it that have no nearer one, in the form "7d delete user". Immutable.
 *
 * @param lifetime as it was given
 * @param user who has set it: what they could not delete themselves stays
 */
record Ttl(String lifetime, long lifetimeMillis, Action action, String user) {
    /** What happens to a file whose time is over. */
    enum Action {
        /** Its pages leave the cache, if a store holds it. */
        FREE,
        /** It is deleted, in its store too. */
        DELETE
    }

    /**
     * Reads what a user asks for.
     *
     * @param text "7d delete"; what follows is not believed
     * @throws TarnException INVALID_ARGUMENT
     */
    static Ttl asked(String text, String user) throws TarnException {
        String[] words = text.strip().split("\\s+");
        String action = words.length < 2 ? "" : words[1];
        if (!action.equals("free") && !action.equals("delete")) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"" + text + "\" is no time to live; " + Inode.TTL
                            + " takes for instance \"7d free\" or \"12h delete\"");
        }
        long millis = WriteChoice.interval(words[0], Inode.TTL);
        return new Ttl(words[0], millis, action.equals("free") ? Action.FREE : Action.DELETE, user);
    }

    /** The attribute's value; null where there is none, or not a valid one. */
    static @Nullable Ttl of(Map<String, ByteString> attributes) {
        ByteString value = attributes.get(Inode.TTL);
        if (value == null) {
            return null;
        }
        try {
            String text = value.toStringUtf8();
            String[] words = text.split(" ", 3);
            return asked(text, words.length < 3 ? "" : words[2]);
        } catch (TarnException e) {
            return null;
        }
    }

    ByteString toAttribute() {
        return ByteString.copyFromUtf8(lifetime + " " + (action == Action.FREE ? "free" : "delete") + " " + user);
    }

    boolean isOver(long modifiedMillis, long nowMillis) {
        return nowMillis - modifiedMillis >= lifetimeMillis;
    }
}
