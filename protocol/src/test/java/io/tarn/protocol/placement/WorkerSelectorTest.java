package io.tarn.protocol.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSelectorTest {
    @Test
    void allTermsHaveToMatch() throws TarnException {
        WorkerSelector selector = WorkerSelector.parse("zone=a, disk!=hdd");
        assertTrue(selector.matches(Map.of("zone", "a", "disk", "ssd")));
        assertTrue(selector.matches(Map.of("zone", "a")), "who has no such label is not equal");
        assertFalse(selector.matches(Map.of("zone", "a", "disk", "hdd")));
        assertFalse(selector.matches(Map.of("zone", "b")));
        assertFalse(selector.matches(Map.of()));
    }

    @Test
    void itIsWrittenAsItIsRead() throws TarnException {
        for (String text : List.of("any", "zone=a", "zone=a,disk!=hdd", Labels.ZONE + "=eu-1")) {
            assertEquals(text, WorkerSelector.parse(text).toString());
        }
        assertEquals(WorkerSelector.ANY, WorkerSelector.parse(" any "));
        assertTrue(WorkerSelector.ANY.matches(Map.of()) && WorkerSelector.ANY.isAny());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zone", "zone=", "=a", "!=a", "zone=a,", "zone==a", "zone in (a)", "zone!a"})
    void nonsenseIsRefusedWithAnExample(String text) {
        TarnException refused = assertThrows(TarnException.class, () -> WorkerSelector.parse(text));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertTrue(refused.getMessage().contains("write for instance"), refused.getMessage());
    }

    @Test
    void homesAreTheMatchingWorkersThatStayAndAllThatStayWhereNoneMatches() throws TarnException {
        List<Member> members = List.of(
                member(1, "a", 10, false),
                member(2, "b", 10, false),
                member(3, "a", 10, true),
                member(4, "c", 0, false));
        assertEquals(List.of(1L), ids(WorkerSelector.parse("zone=a").homes(members)));
        assertEquals(List.of(1L, 2L), ids(WorkerSelector.parse("zone!=x").homes(members)));
        assertEquals(List.of(1L, 2L, 4L), ids(WorkerSelector.parse("zone=x").homes(members)));
        assertEquals(List.of(1L, 2L, 4L), ids(WorkerSelector.parse("zone=c").homes(members)), "it has no capacity");
        assertEquals(List.of(1L, 2L), ids(WorkerSelector.ANY.homes(members)));
    }

    private static Member member(long id, String zone, long capacityBytes, boolean leaving) {
        return Member.newBuilder()
                .setAddress(WorkerAddress.newBuilder().setWorkerId(id).putLabels("zone", zone))
                .setCapacityBytes(capacityBytes)
                .setLeaving(leaving)
                .build();
    }

    private static List<Long> ids(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::workerId).toList();
    }
}
