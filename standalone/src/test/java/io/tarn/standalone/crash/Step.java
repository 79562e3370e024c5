package io.tarn.standalone.crash;

import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One operation of a client: what it does, and what the tree may be once it was tried. */
interface Step {
    void run(TarnClient client) throws TarnException;

    /** The tree when it has succeeded; null where it has to be refused. */
    @Nullable
    Tree after();

    /** What the tree may be when nobody knows how far it came. */
    List<Tree> outcomes();

    /** The file that is left open where the operation is cut off; until its lease is over, the tree may change by itself. */
    default @Nullable String openFile() {
        return null;
    }

    /** What a call of the client does. */
    interface Call {
        void run(TarnClient client) throws TarnException;
    }

    /** An operation that happens or does not. */
    static Step of(String what, Tree before, @Nullable Tree after, Call call) {
        return new Step() {
            @Override
            public void run(TarnClient client) throws TarnException {
                call.run(client);
            }

            @Override
            public @Nullable Tree after() {
                return after;
            }

            @Override
            public List<Tree> outcomes() {
                return Stream.of(before, after).filter(Objects::nonNull).toList();
            }

            @Override
            public String toString() {
                return what;
            }
        };
    }
}
