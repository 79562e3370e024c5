package io.tarn.testing.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether operations on one path can be put in an order that agrees with their times and their results, by a search that remembers where it has been (Wing and Gong
 * 1993, with the memory of Lowe 2017). At most 64 operations. Stateless.
 */
final class Linearizability {
    static final int MOST = Long.SIZE;

    private Linearizability() {}

    /** Where the search has been: which operations are done, and what is there. */
    private record Place(long done, long content) {}

    /** Of a path that begins absent. */
    static boolean holds(List<Operation> history) {
        if (history.size() > MOST) {
            throw new IllegalArgumentException(history.size() + " operations");
        }
        List<Operation> operations = new ArrayList<>(history);
        operations.sort(Comparator.comparingLong(Operation::invokedNanos));
        return search(operations, 0, Operation.ABSENT, new HashSet<>());
    }

    private static boolean search(List<Operation> operations, long done, long content, Set<Place> seen) {
        long firstEndNanos = Long.MAX_VALUE;
        boolean complete = true;
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            if ((done & 1L << i) == 0 && operation.outcome() != Operation.Outcome.UNKNOWN) {
                complete = false;
                firstEndNanos = Math.min(firstEndNanos, operation.endedNanos());
            }
        }
        if (complete) {
            return true;
        }
        if (!seen.add(new Place(done, content))) {
            return false;
        }
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            if (operation.invokedNanos() > firstEndNanos) {
                return false;
            }
            if ((done & 1L << i) == 0
                    && operation.fits(content)
                    && search(operations, done | 1L << i, operation.contentAfter(content), seen)) {
                return true;
            }
        }
        return false;
    }
}
