package io.tarn.protocol.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void numbersAreUniqueAndFoundAgain() {
        for (ErrorCode code : ErrorCode.values()) {
            assertEquals(code, ErrorCode.ofNumber(code.number()));
        }
    }

    @Test
    void unknownNumbersAreInternal() {
        assertEquals(ErrorCode.INTERNAL, ErrorCode.ofNumber(-1));
        assertEquals(ErrorCode.INTERNAL, ErrorCode.ofNumber(9999));
        assertEquals(ErrorCode.INTERNAL, ErrorCode.ofNumber(0));
    }
}
