package io.tarn.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.WritePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritePolicyTest {
    @ParameterizedTest
    @ValueSource(strings = {"local-first", "most-available-first", "round-robin", "specific-host:node-1.example"})
    void aPolicyIsWrittenAsItIsRead(String text) {
        assertEquals(text, WritePolicy.parse(text).toString());
        assertEquals(WritePolicy.parse(text), WritePolicy.parse(" " + text.replace("host:", "HOST: ")));
    }

    @Test
    void theNamesAreThoseOfTheKinds() {
        assertEquals(WritePolicy.LOCAL_FIRST, WritePolicy.parse("Local-First"));
        assertEquals(WritePolicy.MOST_AVAILABLE_FIRST, WritePolicy.parse("most-available-first"));
        assertEquals(WritePolicy.ROUND_ROBIN, WritePolicy.parse("round-robin"));
        assertEquals(WritePolicy.specificHost("n"), WritePolicy.parse("specific-host:n"));
        assertThrows(IllegalArgumentException.class, () -> WritePolicy.specificHost(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "local", "specific-host", "specific-host:", "round_robin"})
    void whatIsNoneIsToldWithThoseThatThereAre(String text) {
        String said = assertThrows(IllegalArgumentException.class, () -> WritePolicy.parse(text))
                .toString();
        assertTrue(said.contains("most-available-first") && said.contains("specific-host:HOST"), said);
    }
}
