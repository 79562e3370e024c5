package io.tarn.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void closesTheLastFirstOnceAndGoesOnAfterAFailure() {
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.add("journal", () -> closed.add("journal"));
        lifecycle.add("state", () -> {
            closed.add("state");
            throw new IllegalStateException("disk gone");
        });
        lifecycle.add("rpc", () -> closed.add("rpc"));
        lifecycle.close();
        lifecycle.close();
        assertEquals(List.of("rpc", "state", "journal"), closed);
    }

    @Test
    void aPartThatStartsTooLateIsClosed() {
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.close();
        assertThrows(IllegalStateException.class, () -> lifecycle.add("late", () -> closed.add("late")));
        assertEquals(List.of("late"), closed);
    }
}
