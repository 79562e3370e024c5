package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.Labels;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.protocol.v1.WritePolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four workers in two zones, drawn in the order 3, 1, 4, 2. */
class WriteOrderTest {
    private final List<Taker> drawn = List.of(
            taker(3, "node-3", "b", 30),
            taker(1, "node-1", "a", 10),
            taker(4, "node-4", "b", 90),
            taker(2, "node-2", "a", 20));

    private static Taker taker(long id, String host, String zone, long freeBytes) {
        WorkerAddress address = WorkerAddress.newBuilder()
                .setWorkerId(id)
                .setHost(host)
                .addEngineHosts(host + ".example")
                .build();
        return new Taker(address, Map.of(Labels.ZONE, zone), freeBytes);
    }

    private List<Long> order(WritePolicy policy, String host, long turn, Long... having) throws TarnException {
        return new WriteOrder(policy, host, turn)
                .of(drawn, List.of(having)).stream().map(Taker::id).toList();
    }

    @Test
    void theWorkerOfTheClientsHostIsFirstAndElseTheOneThatWasDrawn() throws TarnException {
        assertEquals(List.of(3L, 1L, 4L, 2L), order(WritePolicy.LOCAL_FIRST, "", 0));
        assertEquals(List.of(3L, 1L, 4L, 2L), order(WritePolicy.WRITE_POLICY_DEFAULT, "elsewhere", 0));
        assertEquals(List.of(4L, 1L, 3L, 2L), order(WritePolicy.LOCAL_FIRST, "NODE-4", 0));
        assertEquals(List.of(2L, 3L, 1L, 4L), order(WritePolicy.LOCAL_FIRST, "node-2.example", 0));
    }

    @Test
    void theMostFreeBytesComeFirstAndThenAnotherZone() throws TarnException {
        assertEquals(List.of(4L, 2L, 3L, 1L), order(WritePolicy.MOST_AVAILABLE_FIRST, "", 0));
    }

    @Test
    void eachTurnIsAnotherWorkers() throws TarnException {
        assertEquals(1, order(WritePolicy.ROUND_ROBIN, "", 0).getFirst());
        assertEquals(2, order(WritePolicy.ROUND_ROBIN, "", 1).getFirst());
        assertEquals(3, order(WritePolicy.ROUND_ROBIN, "", 2).getFirst());
        assertEquals(4, order(WritePolicy.ROUND_ROBIN, "", 3).getFirst());
        assertEquals(1, order(WritePolicy.ROUND_ROBIN, "", 4).getFirst());
        assertEquals(List.of(2L, 3L, 1L, 4L), order(WritePolicy.ROUND_ROBIN, "", 1));
    }

    @Test
    void aSpecificHostIsMeantOrNone() throws TarnException {
        assertEquals(
                List.of(1L, 3L, 4L, 2L),
                order(WritePolicy.SPECIFIC_HOST, "node-1", 0).stream().toList());
        TarnException refused = assertThrows(TarnException.class, () -> order(WritePolicy.SPECIFIC_HOST, "node-9", 0));
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertTrue(refused.getMessage().contains("node-9"), refused.getMessage());
        assertThrows(TarnException.class, () -> order(WritePolicy.SPECIFIC_HOST, "", 0));
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(TarnException.class, () -> order(WritePolicy.UNRECOGNIZED, "", 0))
                        .code());
    }

    @Test
    void whoHasWhatTheFileBeginsWithComesFirst() throws TarnException {
        assertEquals(List.of(2L, 3L, 1L, 4L), order(WritePolicy.LOCAL_FIRST, "node-1", 0, 2L));
        assertEquals(List.of(4L, 2L, 3L, 1L), order(WritePolicy.MOST_AVAILABLE_FIRST, "", 0, 4L, 2L));
    }
}
