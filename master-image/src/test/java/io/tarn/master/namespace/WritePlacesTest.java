package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WritePlacesTest {
    private final List<Taker> takers = List.of(taker(1, "a"), taker(2, "b"), taker(3, "a"), taker(4, "b"));

    private static Taker taker(long id, String zone) {
        return new Taker(WorkerAddress.newBuilder().setWorkerId(id).build(), Map.of("zone", zone), 1);
    }

    private List<Long> fitting(String workers, Long... having) throws TarnException {
        Placement placement = Placement.of(workers, null);
        return WritePlaces.fitting(takers, placement, List.of(having), "/file").stream()
                .map(Taker::id)
                .toList();
    }

    @Test
    void onlyThoseThatMatchTakeAFile() throws TarnException {
        assertEquals(List.of(1L, 3L), fitting("zone=a"));
        assertEquals(List.of(2L, 4L), fitting("zone!=a"));
        assertEquals(List.of(1L, 2L, 3L, 4L), fitting("any", 2L));
    }

    @Test
    void whatAFileBeginsWithHasToBeOnOneOfThem() throws TarnException {
        assertEquals(List.of(1L, 3L), fitting("zone=a", 3L, 2L));
        assertEquals(List.of(1L, 2L, 3L), fitting("zone=a", 2L));
    }

    @Test
    void whereNoneMatchesThatIsTold() {
        TarnException refused = assertThrows(TarnException.class, () -> fitting("zone=c", 2L));
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertTrue(
                refused.getMessage().contains("zone=c") && refused.getMessage().contains("/file"));
    }

    @Test
    void whatWasSetBeforeItMeantAnythingSaysNothing() {
        assertEquals(Placement.NONE, Placement.of("nonsense", null));
        assertEquals(Placement.NONE, Placement.of("zone=a", "many"));
        assertEquals(2, Placement.NONE.copiesOr(2));
        assertEquals(5, Placement.of(null, "5").copiesOr(2));
    }
}
