package io.tarn.standalone.crash;

import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the first bytes of a file. It is a write, which a kill may leave open. */
record CutStep(Tree before, @Nullable Tree after, String path, int keptBytes) implements Step {
    @Override
    public void run(TarnClient client) throws TarnException {
        client.truncate(path, keptBytes);
    }

    @Override
    public List<Tree> outcomes() {
        return after == null ? List.of(before) : List.of(before, after);
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
