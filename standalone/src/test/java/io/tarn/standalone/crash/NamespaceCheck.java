package io.tarn.standalone.crash;

import io.tarn.client.CreateOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Compares a client's part of the namespace with what it has to be, names, lengths, modes and each byte, and ends its doubt. */
final class NamespaceCheck {
    /** A lease, and some rounds of the master and the worker. */
    private static final long SEALING_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final CreateOptions PROBE = new CreateOptions(WriteType.MUST_CACHE, true, false, 0644, 0, false);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final TarnClient client;
    private final LoadClient load;

    NamespaceCheck(TarnClient client, LoadClient load) {
        this.client = client;
        this.load = load;
    }

    void run() throws TarnException {
        Step doubtful = load.doubtful();
        List<Tree> possible = doubtful == null ? List.of(load.tree()) : doubtful.outcomes();
        String openFile = doubtful == null ? null : doubtful.openFile();
        // What is in doubt may be carried on right now: a rename by copies shows in a listing that began before it.
        long end = System.nanoTime() + (doubtful == null ? 0 : SEALING_NANOS);
        while (true) {
            FoundTree found = FoundTree.list(client, load.roots());
            Tree match = match(found, possible);
            if (match != null && (openFile == null || !isLeased(openFile))) {
                if (openFile != null) {
                    openFile = null; // it may have been sealed since it was listed
                    continue;
                }
                checkBytes(match);
                load.settle(match);
                return;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(describe(found, possible));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Whether the writer that was cut off still has its file. */
    private boolean isLeased(String path) throws TarnException {
        try {
            client.create(path, PROBE).abort();
            return false;
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            if (e.code() != ErrorCode.LEASE_CONFLICT) {
                throw e;
            }
            return true;
        }
    }

    private static @Nullable Tree match(FoundTree found, List<Tree> possible) {
        return possible.stream()
                .filter(tree -> found.differences(tree).isEmpty())
                .findFirst()
                .orElse(null);
    }

    private void checkBytes(Tree tree) throws TarnException {
        for (Map.Entry<String, Tree.Entry> entry : tree.entries().entrySet()) {
            Content content = entry.getValue().content();
            if (content != null) {
                Reads.checkAll(client, entry.getKey(), content);
            }
        }
    }

    private static String describe(FoundTree found, List<Tree> possible) {
        List<String> lines = new ArrayList<>();
        for (Tree tree : possible) {
            lines.add(
                    "not as it has to be" + (possible.size() > 1 ? " in one of the ways that are possible" : "") + ":");
            found.differences(tree).forEach(difference -> lines.add("  " + difference));
        }
        return String.join("\n", lines);
    }
}
