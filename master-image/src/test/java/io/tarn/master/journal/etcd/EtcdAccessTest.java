package io.tarn.master.journal.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdAccess;
import io.tarn.master.etcd.EtcdCheckUp;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Finding;
import io.tarn.testing.etcd.EtcdCertificates;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that lets in who shows a certificate, and a user with rights on one prefix alone. */
@Timeout(120)
class EtcdAccessTest {
    private static final ElectionConfig ELECTION = new ElectionConfig(Duration.ofSeconds(10), "");
    private static final String PREFIX = "/tarn/mine/";
    private static final String PREFIX_END = "/tarn/mine0";

    @TempDir
    Path directory;

    @Test
    void aCertificateAndAUserWithRightsOnThePrefixAreEnough() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        Assumptions.assumeTrue(
                EtcdCertificates.canBeMade(), "SKIPPED: no openssl on the path; install Debian's package openssl");
        EtcdCertificates certificates = EtcdCertificates.make(directory.resolve("certificates"));
        try (EtcdCluster etcd = EtcdCluster.startSecure(directory, 1, certificates)) {
            EtcdConfig config = EtcdConfig.at(etcd.endpoints(), PREFIX).with(access(certificates, "secret"));
            try (EtcdConnection open = EtcdConnection.open(config.with(new EtcdAccess(
                    "",
                    "",
                    certificates.authority().toString(),
                    certificates.clientCertificate().toString(),
                    certificates.clientKey().toString())))) {
                restrict(open.client());
            }
            try (EtcdConnection connection = EtcdConnection.open(config);
                    EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"))) {
                long epoch = journal.startEpoch();
                for (int sequence = 1; sequence <= 10; sequence++) {
                    journal.append(epoch, sequence, new byte[] {1});
                }
                journal.trim(5);
                assertEquals(6, journal.firstSequence());
                etcd.restart(etcd.members().getFirst()); // which forgets the user's token
                journal.append(epoch, 11, new byte[] {1});
                assertEquals(11, journal.lastSequence());
                List<Finding> findings = new EtcdCheckUp(connection).run(epoch, Duration.ofHours(3));
                assertTrue(findings.getFirst().getFound().contains("MiB"), findings::toString);
                assertEquals("never yet", findings.getLast().getFound());
                var defragmented = connection
                        .client()
                        .getMaintenanceClient()
                        .defragmentMember(etcd.endpoints().getFirst());
                assertThrows(ExecutionException.class, defragmented::get, "master.etcd.maintain needs more rights");
            }
            EtcdConfig elsewhere =
                    EtcdConfig.at(etcd.endpoints(), "/tarn/others/").with(config.access());
            refused(elsewhere, "rights on keys that begin with /tarn/others/");
            refused(config.with(access(certificates, "wrong")), "etcd refuses this user");
        }
    }

    private static void refused(EtcdConfig config, String why) throws TarnException {
        try (EtcdConnection connection = EtcdConnection.open(config);
                EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "two:1"))) {
            TarnException refusal = assertThrows(TarnException.class, journal::firstSequence);
            assertEquals(ErrorCode.PERMISSION_DENIED, refusal.code());
            assertTrue(refusal.getMessage().contains(why), refusal::getMessage);
        }
    }

    private EtcdAccess access(EtcdCertificates certificates, String password) throws Exception {
        Path file = Files.writeString(directory.resolve(password), password + "\n");
        return new EtcdAccess(
                "tarn",
                file.toString(),
                certificates.authority().toString(),
                certificates.clientCertificate().toString(),
                certificates.clientKey().toString());
    }

    private static void restrict(Client client) throws Exception {
        Auth auth = client.getAuthClient();
        auth.roleAdd(text("root")).get();
        auth.userAdd(text("root"), text("root")).get();
        auth.userGrantRole(text("root"), text("root")).get();
        auth.roleAdd(text("tarn")).get();
        auth.roleGrantPermission(text("tarn"), text(PREFIX), text(PREFIX_END), Permission.Type.READWRITE)
                .get();
        auth.userAdd(text("tarn"), text("secret")).get();
        auth.userGrantRole(text("tarn"), text("tarn")).get();
        auth.authEnable().get();
    }

    private static ByteSequence text(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
