package io.tarn.protocol.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
    @Test
    void labelsAreReadAsKubernetesWritesThem() {
        assertEquals(
                Map.of("zone", "a", Labels.ZONE, "eu-central-1a", "disk", "NVMe_4.0"),
                Labels.parse(List.of("zone=a", Labels.ZONE + "=eu-central-1a", " disk = NVMe_4.0 ")));
        assertEquals(Map.of(), Labels.parse(List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zone", "=a", "zone=", "zone=a=b", "-zone=a", "zone=a b", "UP.er/zone=a", "a/b/c=d", "zone=ä"})
    void whatIsNoLabelIsNamed(String text) {
        String said = assertThrows(IllegalArgumentException.class, () -> Labels.parse(List.of(text)))
                .toString();
        assertTrue(said.contains("label"), said);
    }

    @Test
    void aKeyTwiceAndTooManyAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Labels.parse(List.of("zone=a", "zone=b")));
        assertThrows(
                IllegalArgumentException.class,
                () -> Labels.parse(IntStream.rangeClosed(0, Labels.MAX_LABELS)
                        .mapToObj(i -> "key" + i + "=v")
                        .toList()));
        String longest = String.join("", Collections.nCopies(63, "v"));
        assertEquals(Map.of("k", longest), Labels.parse(List.of("k=" + longest)));
        assertThrows(IllegalArgumentException.class, () -> Labels.parse(List.of("k=" + longest + "v")));
    }
}
