package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Credentials of a session: given as they are, or exchanged at a token service, by the protocols as they are on the wire. */
@Timeout(60)
final class S3CredentialsTest {
    /** Within the time before their end in which credentials are renewed. */
    private static final Duration ABOUT_TO_EXPIRE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private EmbeddedS3 s3;
    private StsServer sts;

    @BeforeEach
    void start() throws IOException {
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("objects")));
        s3.createBucket("bucket");
        sts = new StsServer(s3.sessions(), "base-key");
    }

    @AfterEach
    void stop() {
        sts.close();
        s3.close();
    }

    private MountOptions.Builder options() {
        return MountOptions.newBuilder()
                .putProperties("endpoint", s3.endpoint().toString())
                .putProperties("attempts", "2");
    }

    private MountOptions.Builder session(String token) {
        s3.sessions().admit("ASIASTATIC", "sEcReT", "right");
        return options()
                .putCredentials("access-key", "ASIASTATIC")
                .putCredentials("secret-key", "sEcReT")
                .putCredentials("session-token", token);
    }

    private MountOptions.Builder role() {
        return options()
                .putProperties("credentials", "assume-role")
                .putProperties("sts-endpoint", sts.endpoint().toString())
                .putProperties("role-arn", StsServer.ROLE)
                .putProperties("external-id", "contract-7")
                .putCredentials("access-key", "base-key")
                .putCredentials("secret-key", "sEcReT");
    }

    private MountOptions.Builder webIdentity(Path tokenFile) {
        return options()
                .putProperties("credentials", "web-identity")
                .putProperties("sts-endpoint", sts.endpoint().toString())
                .putProperties("role-arn", StsServer.ROLE)
                .putProperties("role-session-name", "worker-3")
                .putProperties("web-identity-token-file", tokenFile.toString());
    }

    private static UnderStore open(MountOptions.Builder options) throws TarnException {
        return UnderStores.load().open("s3://bucket/lake", options.build());
    }

    private static void writeAndRead(UnderStore store) throws TarnException {
        StoreProbe probe = new StoreProbe(store);
        store.checkAccess();
        probe.put("file", "content");
        assertEquals("content", probe.text("file"));
    }

    /** Uses the store until it has exchanged credentials so often. */
    private void useUntil(UnderStore store, int exchanges) throws TarnException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (sts.handedOut().size() < exchanges) {
            assertTrue(System.nanoTime() < end, "no renewal");
            store.status("file");
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String refused(MountOptions.Builder options) throws TarnException {
        try (UnderStore store = open(options)) {
            TarnException failure = assertThrows(TarnException.class, store::checkAccess);
            String message = String.valueOf(failure.getMessage());
            assertEquals(ErrorCode.STORE_DENIED, failure.code(), message);
            assertFalse(message.contains("sEcReT"), message);
            return message;
        }
    }

    @Test
    void aSessionsKeysCountWithItsToken() throws Exception {
        try (UnderStore store = open(session("right"))) {
            writeAndRead(store);
        }
        assertTrue(refused(session("wrong")).contains("session token"));
        assertTrue(refused(session("right").removeCredentials("session-token")).contains("session token"));
        s3.sessions().expire("ASIASTATIC");
        try (UnderStore store = open(options()
                .putCredentials("access-key", "ASIASTATIC")
                .putCredentials("secret-key", "sEcReT")
                .putCredentials("session-token", "right"))) {
            TarnException failure = assertThrows(TarnException.class, store::checkAccess);
            assertTrue(String.valueOf(failure.getMessage()).contains("renew"), failure.getMessage());
        }
    }

    @Test
    void aRoleIsAssumedOnce() throws Exception {
        try (UnderStore store = open(role())) {
            writeAndRead(store);
        }
        assertEquals(1, sts.exchanges().size());
        Map<String, String> exchange = sts.exchanges().getFirst();
        assertEquals("AssumeRole", exchange.get("Action"));
        assertEquals("contract-7", exchange.get("ExternalId"));
        assertEquals("tarn", exchange.get("RoleSessionName"));
    }

    @Test
    void aRolesCredentialsAreRenewedBeforeTheyExpire() throws Exception {
        sts.lifetime = ABOUT_TO_EXPIRE;
        try (UnderStore store = open(role())) {
            writeAndRead(store);
            useUntil(store, sts.handedOut().size() + 1);
            sts.lifetime = Duration.ofHours(1);
            useUntil(store, sts.handedOut().size() + 1);
            sts.handedOut().subList(0, sts.handedOut().size() - 1).forEach(s3.sessions()::expire);
            writeAndRead(store);
        }
    }

    @Test
    void aTokenFileIsExchangedAndReadAgainForTheNextExchange() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "token-1\n");
        sts.lifetime = ABOUT_TO_EXPIRE;
        try (UnderStore store = open(webIdentity(file))) {
            writeAndRead(store);
            Map<String, String> exchange = sts.exchanges().getFirst();
            assertEquals("AssumeRoleWithWebIdentity", exchange.get("Action"));
            assertEquals("worker-3", exchange.get("RoleSessionName"));
            Files.writeString(file, "token-2\n");
            sts.webIdentityToken = "token-2";
            useUntil(store, sts.handedOut().size() + 1);
            writeAndRead(store);
            assertEquals("token-2", sts.exchanges().getLast().get("WebIdentityToken"));
        }
    }

    @Test
    void whatTheTokenServiceRefusesSaysWhatToCheck() throws Exception {
        String otherRole = refused(role().putProperties("role-arn", "arn:aws:iam::1:role/other"));
        assertTrue(otherRole.contains("role-arn"), otherRole);
        Path file = Files.writeString(directory.resolve("token"), "forged");
        String forged = refused(webIdentity(file));
        assertTrue(forged.contains("web-identity-token-file"), forged);
        Files.delete(file);
        String missing = refused(webIdentity(file));
        assertTrue(missing.contains("credentials"), missing);
    }
}
