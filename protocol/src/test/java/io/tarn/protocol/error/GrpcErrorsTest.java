package io.tarn.protocol.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcErrorsTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeCrossesTheWire(ErrorCode code) {
        TarnException sent = new TarnException(code, "what to do", null, 250);
        TarnException received = GrpcErrors.decode(GrpcErrors.encode(new CompletionException(sent)));
        assertEquals(code, received.code());
        assertEquals("what to do", received.getMessage());
        assertEquals(250, received.retryAfterMillis());
    }

    @Test
    void unknownFailuresSayNothingOfTheServersInside() {
        TarnException received = GrpcErrors.decode(GrpcErrors.encode(new IllegalStateException("secret")));
        assertEquals(ErrorCode.INTERNAL, received.code());
        assertTrue(!String.valueOf(received.getMessage()).contains("secret"));
    }

    @Test
    void failuresOfTheChannelItselfHaveACode() {
        assertEquals(
                ErrorCode.UNAVAILABLE,
                GrpcErrors.decode(Status.UNAVAILABLE.asRuntimeException()).code());
        assertEquals(
                ErrorCode.TIMEOUT,
                GrpcErrors.decode(Status.DEADLINE_EXCEEDED.asException()).code());
        assertEquals(
                ErrorCode.UNAVAILABLE,
                GrpcErrors.decode(Status.UNKNOWN
                                .withCause(new ClosedChannelException())
                                .asException())
                        .code());
    }

    @Test
    void garbageInTheTrailerIsMalformed() {
        Metadata trailers = new Metadata();
        trailers.put(GrpcErrors.DETAIL, new byte[] {(byte) 0xff, 1, 2});
        TarnException received = GrpcErrors.decode(Status.INTERNAL.asRuntimeException(trailers));
        assertEquals(ErrorCode.MALFORMED, received.code());
    }

    @Test
    void aLongMessageIsCut() {
        TarnException sent = new TarnException(ErrorCode.NOT_FOUND, "x".repeat(100_000));
        assertTrue(String.valueOf(GrpcErrors.decode(GrpcErrors.encode(sent)).getMessage())
                        .length()
                < 2000);
    }
}
