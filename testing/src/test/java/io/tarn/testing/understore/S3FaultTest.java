package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.understore.FlatS3.Fault;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broken connections, lost answers, and servers that say no. */
final class S3FaultTest {
    private static final CreateOptions ONLY_IF_ABSENT = new CreateOptions(true, null, StoreAttributes.NONE);

    private FlatS3 server;
    private UnderStore store;

    @BeforeEach
    void start() throws IOException {
        server = new FlatS3();
        store = open(server.endpoint());
    }

    private static UnderStore open(URI endpoint) throws TarnException {
        MountOptions options = S3MountOptions.of(endpoint, "key", "sEcReT").toBuilder()
                .putProperties("attempts", "2")
                .build();
        return UnderStores.load().open("s3://bucket", options);
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    private StoreProbe probe() {
        return new StoreProbe(store);
    }

    @Test
    void aBrokenBodyIsTakenUpAgainWhereItBroke() throws Exception {
        byte[] content = StoreProbe.bytes(1 << 20, 1);
        StoreStatus status = probe().put("file", content);
        server.faults.add(Fault.cut("GET /bucket/file", 300_001));
        server.faults.add(Fault.cut("GET /bucket/file", 100_000));
        long before = probe().figures("get").requests();
        assertArrayEquals(content, probe().get(status, 0, content.length));
        assertEquals(3, probe().figures("get").requests() - before);
    }

    @Test
    void anObjectThatChangesBetweenTwoTriesIsChanged() throws Exception {
        StoreStatus status = probe().put("file", StoreProbe.bytes(1 << 20, 1));
        server.faults.add(Fault.cut("GET /bucket/file", 1_000));
        boolean[] replaced = {false};
        TarnException failure = assertThrows(
                TarnException.class,
                () -> store.read("file", status.versionTag(), 0, 1 << 20, bytes -> {
                    if (!replaced[0]) {
                        replaced[0] = true;
                        server.bucket.put("file");
                    }
                }));
        assertEquals(ErrorCode.STORE_CHANGED, failure.code(), failure.getMessage());
    }

    @Test
    void aConnectionThatNeverBringsAnythingFails() throws Exception {
        StoreStatus status = probe().put("file", StoreProbe.bytes(1 << 20, 1));
        for (int i = 0; i < 10; i++) {
            server.faults.add(Fault.cut("GET /bucket/file", 0));
        }
        probe().fails(() -> probe().get(status, 0, 1 << 20), ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aLostAnswerToASmallWriteIsReadBack() throws Exception {
        server.faults.add(Fault.loseAnswer("PUT /bucket/file"));
        StoreStatus status =
                probe().put("file", "content".getBytes(java.nio.charset.StandardCharsets.UTF_8), ONLY_IF_ABSENT);
        assertEquals(7, status.lengthBytes());
        assertEquals("content", probe().text("file"), "the repetition met its own first try, and knew it");
    }

    @Test
    void aLostAnswerToACompletedUploadIsReadBack() throws Exception {
        byte[] content = StoreProbe.bytes(11 << 20, 2);
        server.faults.add(Fault.loseAnswer("POST uploadId"));
        StoreStatus status = probe().put("file", content, ONLY_IF_ABSENT);
        assertEquals(content.length, status.lengthBytes());
        assertArrayEquals(content, probe().get("file"));
        assertTrue(server.bucket.uploads.isEmpty());
    }

    @Test
    void anOutcomeThatCannotBeReadBackIsUnknown() {
        for (int i = 0; i < 2; i++) {
            server.faults.add(Fault.loseAnswer("PUT /bucket/file"));
            server.faults.add(Fault.answer("HEAD /bucket/file", 500, ""));
        }
        probe().fails(() -> probe().put("file", "content"), ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void aStatusThatCannotBeReadAfterTheCommitLeavesTheOutcomeInDoubt() throws Exception {
        server.faults.add(Fault.answer("HEAD /bucket/file", 500, ""));
        server.faults.add(Fault.answer("HEAD /bucket/file", 500, ""));
        probe().fails(() -> probe().put("file", "content"), ErrorCode.OUTCOME_UNKNOWN);
        assertEquals("content", probe().text("file"));
    }

    @Test
    void afterAnErrorOfTheServersOwnTheOutcomeIsInDoubt() {
        for (int i = 0; i < 2; i++) {
            server.faults.add(Fault.answer("PUT /bucket/file", 500, "InternalError"));
        }
        probe().fails(() -> probe().put("file", "content"), ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void anUploadThatCouldBeAbortedWasNotCompleted() {
        for (int i = 0; i < 2; i++) {
            server.faults.add(Fault.answer("POST uploadId", 500, "InternalError"));
        }
        probe().fails(() -> probe().put("file", StoreProbe.bytes(11 << 20, 4)), ErrorCode.STORE_UNAVAILABLE);
        assertTrue(server.bucket.uploads.isEmpty());
        assertTrue(server.bucket.objects.isEmpty());
    }

    @Test
    void aRefusalOfTheRepetitionSaysNothingOfTheFirstAttempt() {
        server.faults.add(Fault.loseAnswer("PUT /bucket/file"));
        server.faults.add(Fault.answer("PUT /bucket/file", 403, "AccessDenied"));
        server.faults.add(Fault.answer("HEAD /bucket/file", 403, ""));
        probe().fails(() -> probe().put("file", "content"), ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void aRepetitionThatMeetsSomethingUnknownLeavesTheOutcomeInDoubt() {
        server.faults.add(Fault.loseAnswer("PUT /bucket/file"));
        server.faults.add(Fault.answer("HEAD /bucket/file", 403, ""));
        probe().fails(() -> probe().put("file", new byte[3], ONLY_IF_ABSENT), ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void whatTheServerRefusesIsNotInDoubt() throws Exception {
        server.faults.add(Fault.answer("PUT /bucket/file", 403, "AccessDenied"));
        probe().fails(() -> probe().put("file", "content"), ErrorCode.STORE_DENIED);
        server.faults.add(Fault.answer("PUT /bucket/file", 503, "SlowDown"));
        server.faults.add(Fault.answer("PUT /bucket/file", 503, "SlowDown"));
        probe().fails(() -> probe().put("file", "content"), ErrorCode.BUSY);
        assertTrue(server.bucket.objects.isEmpty());
    }

    @Test
    void aPartThatFailsLeavesNoParts() throws Exception {
        server.faults.add(Fault.answer("PUT partNumber=2", 403, "AccessDenied"));
        probe().fails(() -> probe().put("file", StoreProbe.bytes(16 << 20, 3)), ErrorCode.STORE_DENIED);
        assertTrue(server.bucket.uploads.isEmpty());
        assertTrue(server.bucket.objects.isEmpty());
    }

    @Test
    void aShortThrottleIsWaitedOutAndALongOneIsBusy() throws Exception {
        probe().put("file", "x");
        server.faults.add(Fault.answer("GET list-type", 503, "SlowDown"));
        assertEquals(List.of("file"), probe().names(""));
        server.faults.add(Fault.answer("GET list-type", 503, "SlowDown"));
        server.faults.add(Fault.answer("GET list-type", 503, "SlowDown"));
        TarnException busy = probe().fails(() -> probe().names(""), ErrorCode.BUSY);
        assertTrue(busy.retryAfterMillis() > 0);
    }

    @Test
    void refusalsSayWhatToCheck() {
        assertSays("NoSuchBucket", 404, ErrorCode.STORE_NOT_FOUND, "check its name");
        assertSays("InvalidAccessKeyId", 403, ErrorCode.STORE_DENIED, "access-key");
        assertSays("SignatureDoesNotMatch", 403, ErrorCode.STORE_DENIED, "secret-key");
        assertSays("AccessDenied", 403, ErrorCode.STORE_DENIED, "list, read and write");
        assertSays("ExpiredToken", 400, ErrorCode.STORE_DENIED, "renew");
        assertSays("RequestTimeTooSkewed", 403, ErrorCode.STORE_DENIED, "clock");
        assertSays("AuthorizationHeaderMalformed", 400, ErrorCode.STORE_DENIED, "region");
    }

    private void assertSays(String code, int status, ErrorCode expected, String hint) {
        server.faults.add(Fault.answer("GET list-type", status, code));
        server.faults.add(Fault.answer("GET list-type", status, code));
        TarnException failure = probe().fails(store::checkAccess, expected);
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(hint), message);
        assertFalse(message.contains("sEcReT"), message);
        server.faults.clear();
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (UnderStore away = open(URI.create("http://127.0.0.1:" + port))) {
            TarnException failure = assertThrows(TarnException.class, away::checkAccess);
            assertEquals(ErrorCode.STORE_UNAVAILABLE, failure.code());
            assertTrue(String.valueOf(failure.getMessage()).contains("check the endpoint"), failure.getMessage());
            TarnException write = assertThrows(TarnException.class, () -> new StoreProbe(away).put("file", "x"));
            assertEquals(ErrorCode.STORE_UNAVAILABLE, write.code(), "what was never sent is not in doubt");
        }
    }
}
