package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import org.jspecify.annotations.Nullable;

/**
 * How far a path leads.
 *
 * @param found how many of its names exist
 * @param deepest what the last of these is; the root where none exists
 * @param inherited what the directories above the last name say
 * @param parent the directory that holds {@code deepest}; null for the root
 */
record Walk(
        TarnPath path, int found, Node deepest, @Nullable Node parent, Inherited inherited) {
    boolean isComplete() {
        return found == path.names().size();
    }

    int missing() {
        return path.names().size() - found;
    }

    /** What the path leads to. */
    Node require() throws TarnException {
        if (!isComplete()) {
            throw notFound();
        }
        return deepest;
    }

    /** The directory that holds, or would hold, the last name; the path is not the root. */
    Node directory() throws TarnException {
        Node holder = isComplete() ? parent : deepest;
        if (holder == null || missing() > 1) {
            throw notFound();
        }
        return holder;
    }

    /** Whether the directories above the last name say something else of where data are to be. */
    boolean isPlacedUnlike(Walk other) {
        return !inherited.placement().equals(other.inherited.placement());
    }

    TarnException notFound() {
        return new TarnException(
                ErrorCode.NOT_FOUND,
                path + " does not exist"
                        + (missing() > 1
                                ? "; nor does its directory: there is no \""
                                        + path.names().get(found) + "\""
                                : ""));
    }
}
