package io.tarn.standalone.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarn.client.AttributeChange;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client with a part of the namespace of its own, and the exact knowledge of what that has to look like: what was acknowledged, and the one operation
 * that a kill met. Its methods are called by one thread at a time.
 */
final class LoadClient {
    private static final int HISTORY_LENGTH = 120;

    private final String name;
    private final List<String> roots;
    private final RandomSteps steps;
    private final boolean throughByDefault;
    private final Duration lease;
    private final Deque<String> history = new ArrayDeque<>();
    private Tree tree;
    private @Nullable Step doubtful;
    private long done;

    /**
     * @param roots directories that exist before the first step
     * @param throughByDefault what is written in a mount without a word of its own goes through to the store
     * @param lease how long the master keeps a file for a writer that it does not hear of
     */
    LoadClient(String name, List<String> roots, boolean throughByDefault, Duration lease, Random random) {
        this.name = name;
        this.roots = roots;
        this.throughByDefault = throughByDefault;
        this.lease = lease;
        this.steps = new RandomSteps(roots, throughByDefault, random);
        this.tree = Tree.of(roots);
    }

    List<String> roots() {
        return roots;
    }

    /** Makes them. */
    void prepare(TarnClient client) throws TarnException {
        for (String root : roots) {
            client.makeDirectory(root, true, false, 0755);
            byte[] type = (throughByDefault ? WriteType.CACHE_THROUGH : WriteType.ASYNC_THROUGH)
                    .name()
                    .getBytes(UTF_8);
            if (!root.startsWith(CrashRun.UNMOUNTED)) {
                client.setAttributes(root, writeType(type));
            }
        }
    }

    private static AttributeChange writeType(byte[] type) {
        return new AttributeChange(null, null, null, null, null, Map.of("tarn.write-type", type), List.of(), false);
    }

    Tree tree() {
        return tree;
    }

    /** Operations that were answered as they should be. */
    long done() {
        return done;
    }

    /** The operation that was under way at the last kill. */
    @Nullable
    Step doubtful() {
        return doubtful;
    }

    /**
     * Works until {@code killed}; then the last operation is in doubt, unless it was answered. A write that takes longer than a lease may lose it on a machine that
     * is too busy to renew it in time; it is cut off then as by a kill, and is the last one too.
     *
     * @throws AssertionError where the answer is not what it has to be
     */
    void work(TarnClient client, BooleanSupplier killed) {
        while (!killed.getAsBoolean()) {
            Step step = steps.next(tree);
            long start = System.nanoTime();
            TarnException failure = attempt(step, client);
            boolean lapsed = failure != null
                    && failure.code() == ErrorCode.LEASE_EXPIRED
                    && System.nanoTime() - start > lease.toNanos();
            if (failure != null && (killed.getAsBoolean() || lapsed)) {
                doubtful = step;
                note("in doubt: " + step + " -> " + failure.code());
                return;
            }
            note((failure == null ? "done: " : "refused (" + failure.code() + "): ") + step);
            Tree after = step.after();
            if ((failure == null) != (after != null)) {
                throw new AssertionError(
                        name + ": " + step + (failure == null ? " was not refused" : " failed"), failure);
            }
            tree = after == null ? tree : after;
            done++;
        }
    }

    private static @Nullable TarnException attempt(Step step, TarnClient client) {
        try {
            step.run(client);
            return null;
        } catch (TarnException e) {
            return e;
        }
    }

    /** What the tree was found to be after a restart; the doubt is over. */
    void settle(Tree found) {
        Step step = doubtful;
        if (step != null) {
            note(found == step.after() ? "it had happened" : "it had not happened, or not wholly");
        }
        tree = found;
        doubtful = null;
    }

    void note(String line) {
        history.add(line);
        if (history.size() > HISTORY_LENGTH) {
            history.remove();
        }
    }

    String history() {
        return name + ":\n  " + String.join("\n  ", history);
    }
}
