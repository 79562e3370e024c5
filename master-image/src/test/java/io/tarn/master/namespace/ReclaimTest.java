package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.Keys;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import org.junit.jupiter.api.Test;

/** Pages of what was deleted or replaced are given up as soon as somebody asks. */
class ReclaimTest {
    private static final int FILES = 1_000;

    @Test
    void allThatWasDeletedOrReplacedIsToldAtOnce() throws Exception {
        ManualClock clock = new ManualClock();
        InMemoryStateStore state = new InMemoryStateStore();
        try (NamespaceHarness harness =
                new NamespaceHarness(new InMemoryJournal(), state, new MemoryStores(clock::millis), clock)) {
            harness.mkdir("/d");
            for (int i = 0; i < FILES; i++) {
                harness.write("/d/" + i, 1);
                harness.write("/d/" + i, 2);
            }
            harness.namespace.reclaim().join();
            assertEquals(FILES, harness.workers.deleted.size());
            harness.delete("/d", true);
            harness.namespace.reclaim().join();
            assertEquals(2 * FILES, harness.workers.deleted.size());
            harness.namespace.reclaim().join();
            try (StateReader.Cursor cursor = state.scan(Table.DETACHED, Keys.ALL, null)) {
                assertFalse(cursor.next());
            }
        }
    }
}
