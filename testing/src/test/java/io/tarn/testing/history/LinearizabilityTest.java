package io.tarn.testing.history;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.testing.history.Operation.Kind;
import io.tarn.testing.history.Operation.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds what it is there to find. */
class LinearizabilityTest {
    private static Operation done(Kind kind, long value, long from, long to) {
        return new Operation("c", kind, value, Outcome.DONE, from, to);
    }

    private static Operation refused(Kind kind, long value, long from, long to) {
        return new Operation("c", kind, value, Outcome.REFUSED, from, to);
    }

    @Test
    void operationsAtTheSameTimeMayHaveHappenedInAnyOrder() {
        assertTrue(Linearizability.holds(
                List.of(done(Kind.WRITE, 1, 0, 10), done(Kind.WRITE, 2, 0, 10), done(Kind.READ, 1, 11, 12))));
        assertTrue(Linearizability.holds(List.of(done(Kind.WRITE, 1, 0, 10), done(Kind.READ, 0, 5, 6))));
    }

    @Test
    void aLostWriteIsFound() {
        assertFalse(Linearizability.holds(List.of(done(Kind.WRITE, 1, 0, 1), done(Kind.READ, 0, 2, 3))));
        assertFalse(Linearizability.holds(
                List.of(done(Kind.WRITE, 1, 0, 1), done(Kind.WRITE, 2, 2, 3), done(Kind.READ, 1, 4, 5))));
    }

    @Test
    void aStaleReadAfterANewerOneIsFound() {
        assertFalse(Linearizability.holds(List.of(
                done(Kind.WRITE, 1, 0, 1),
                done(Kind.WRITE, 2, 2, 9),
                done(Kind.READ, 2, 3, 4),
                done(Kind.READ, 1, 5, 6))));
    }

    @Test
    void whatIsUnknownMayHaveHappenedLateOrNever() {
        Operation unknown = Operation.unknown("c", Kind.WRITE, 2, 1);
        Operation before = done(Kind.WRITE, 1, 0, 1);
        assertTrue(Linearizability.holds(List.of(before, unknown, done(Kind.READ, 1, 5, 6))));
        assertTrue(Linearizability.holds(List.of(before, unknown, done(Kind.READ, 1, 5, 6), done(Kind.READ, 2, 7, 8))));
        assertFalse(Linearizability.holds(List.of(
                before, unknown, done(Kind.READ, 2, 5, 6), done(Kind.WRITE, 3, 7, 8), done(Kind.READ, 2, 9, 10))));
    }

    @Test
    void somethingDoneTwiceIsFound() {
        assertFalse(Linearizability.holds(List.of(
                done(Kind.WRITE, 1, 0, 1),
                done(Kind.DELETE, 0, 2, 3),
                done(Kind.READ, 0, 4, 5),
                done(Kind.READ, 1, 6, 7))));
        assertFalse(Linearizability.holds(List.of(done(Kind.CREATE, 1, 0, 1), done(Kind.CREATE, 2, 2, 3))));
        assertFalse(Linearizability.holds(List.of(refused(Kind.CREATE, 1, 0, 1))));
        assertFalse(Linearizability.holds(List.of(done(Kind.WRITE, 1, 0, 1), refused(Kind.DELETE, 0, 2, 3))));
    }
}
