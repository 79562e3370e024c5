package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDFS with Kerberos, mounted with a principal and its key table. */
class KerberosTest {
    private static final Pattern NAME_NODE_PORT = Pattern.compile("name node: (\\d+)");

    @TempDir
    static Path directory;

    private static MemoryDirectory memory;
    private static JavaProcess hdfs;
    private static StandaloneProcess server;
    private static TarnClient client;
    private static String store;

    @BeforeAll
    static void start() throws IOException {
        hdfs = JavaProcess.start(
                List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                Map.of(),
                SecureHdfs.class,
                List.of(directory.toString()));
        memory = MemoryDirectory.make();
        server = StandaloneProcess.start(
                directory.resolve("data"),
                memory.path(),
                List.of("-Xmx512m", "-Djava.security.krb5.conf=" + directory.resolve("client.conf")),
                Map.of());
        client = server.connect();
        store = "hdfs://localhost:" + hdfs.await(NAME_NODE_PORT).group(1) + "/lake";
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
        hdfs.close();
        memory.close();
    }

    @Test
    void filesAreReadAndWrittenLongerThanATicketIsGood() throws IOException {
        client.mount("/lake", store, login(SecureHdfs.USER, "tarn.keytab"));
        long end = System.nanoTime()
                + Duration.ofSeconds(2 * SecureHdfs.TICKET_SECONDS + 1).toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            byte[] text = ("file " + i).getBytes(StandardCharsets.UTF_8);
            String path = "/lake/file" + i;
            try (FileWriter writer = client.create(path, CreateOptions.DEFAULT.withWriteType(WriteType.THROUGH))) {
                writer.write(ByteBuffer.wrap(text));
            }
            ByteBuffer read = ByteBuffer.allocate(text.length);
            try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
                assertEquals(text.length, reader.read(0, read));
            }
            assertArrayEquals(text, read.array());
            LockSupport.parkNanos(
                    Duration.ofMillis(800).toNanos()); // connections to HDFS end, and new ones need tickets
        }
        client.unmount("/lake");
    }

    @Test
    void whoMayNotEnterIsTold() {
        refused(ErrorCode.STORE_DENIED, "give kerberos-principal and kerberos-keytab", MountSettings.DEFAULT);
        refused(ErrorCode.STORE_DENIED, "check kerberos-principal and kerberos-keytab", login(SecureHdfs.USER, "none"));
        refused(
                ErrorCode.STORE_DENIED,
                "check kerberos-principal and kerberos-keytab",
                login(SecureHdfs.USER, "other.keytab"));
        refused(ErrorCode.STORE_DENIED, "access is denied", login("other@TARN.TEST", "other.keytab"));
    }

    private static void refused(ErrorCode code, String told, MountSettings settings) {
        TarnException e = assertThrows(TarnException.class, () -> client.mount("/refused", store + "/below", settings));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains(told), e.getMessage());
    }

    private static MountSettings login(String principal, String keyTable) {
        return settings(Map.of(
                "kerberos-principal",
                principal,
                "kerberos-keytab",
                directory.resolve(keyTable).toString(),
                "hadoop.dfs.namenode.kerberos.principal",
                SecureHdfs.NAME_NODE,
                "hadoop.dfs.data.transfer.protection",
                "authentication",
                "hadoop.hadoop.kerberos.min.seconds.before.relogin",
                "1",
                "hadoop.ipc.client.connection.maxidletime",
                "200"));
    }

    private static MountSettings settings(Map<String, String> properties) {
        return MountSettings.DEFAULT.withStore(properties, Map.of());
    }
}
