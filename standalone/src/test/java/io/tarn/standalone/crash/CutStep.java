package io.tarn.standalone.crash;

import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first bytes of a file. It is a write, which a kill may leave open.
 *
 * @param isThrough whether it is written through to the store
 */
record CutStep(Tree before, @Nullable Tree after, boolean isThrough, String path, int keptBytes) implements Step {
    @Override
    public void run(TarnClient client) throws TarnException {
        client.truncate(path, keptBytes);
    }

    @Override
    public List<Tree> outcomes() {
        if (after == null) {
            return List.of(before);
        }
        // As with any write through: the store may have it, and nobody be left to say whose it is.
        return isThrough
                ? List.of(before, after, Objects.requireNonNull(after.changeMode(path, Tree.ANY_MODE)))
                : List.of(before, after);
    }

    @Override
    public @Nullable String openFile() {
        return after == null ? null : path;
    }

    @Override
    public String toString() {
        return "cut " + path + " to " + keptBytes + " bytes";
    }
}
