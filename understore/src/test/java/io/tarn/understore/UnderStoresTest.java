package io.tarn.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which store a URI opens, and what is said of one that opens none. */
final class UnderStoresTest {
    private final UnderStores stores = UnderStores.load();
    private final MountOptions none = MountOptions.getDefaultInstance();

    @TempDir
    private Path directory;

    @Test
    void opensByScheme() throws TarnException {
        try (UnderStore store = stores.open("s3a://bucket/a/b/", none)) {
            assertEquals("s3://bucket/a/b", store.uri());
        }
        try (UnderStore store = stores.open(directory.toString(), none)) {
            assertEquals("file://" + directory, store.uri());
            store.checkAccess();
        }
        try (UnderStore store = stores.open("hdfs://namenode:8020/", none)) {
            assertEquals("hdfs://namenode:8020", store.uri());
        }
    }

    @Test
    void unknownSchemesListTheKnownOnes() {
        String message = fails("ftp://x/y", none);
        assertTrue(message.contains("s3") && message.contains("hdfs") && message.contains("file"), message);
        fails("relative/path", none);
        fails("", none);
    }

    @Test
    void unknownPropertiesListTheKnownOnes() {
        MountOptions options = none.toBuilder().putProperties("endpoit", "x").build();
        String message = fails("s3://bucket", options);
        assertTrue(message.contains("endpoit") && message.contains("endpoint"), message);
        fails("file:///data", options);
        fails("hdfs://h/", options);
    }

    @Test
    void badValuesSayWhatIsAllowed() {
        assertTrue(fails("s3://bucket", property("part-size", "1")).contains("5242880"));
        assertTrue(fails("s3://bucket", property("path-style", "yes")).contains("true or false"));
        assertTrue(fails("s3://bucket", property("endpoint", "ftp://h")).contains("http://host:port"));
        assertTrue(fails("s3://bucket", property("credentials", "magic")).contains("assume-role"));
        assertTrue(fails("s3://bucket", property("credentials", "assume-role")).contains("role-arn"));
        assertTrue(fails("s3://bucket", property("credentials", "static")).contains("access-key"));
        assertTrue(fails("hdfs://h/", property("kerberos-principal", "p")).contains("kerberos-keytab"));
        fails("s3:bucket", none);
        fails("s3:///prefix", none);
        fails("s3://bu cket/", none);
        fails("file://host/path", none);
    }

    @Test
    void aSecretInAUriIsNotRepeated() {
        for (String uri : new String[] {"s3://key:sEcReT@bucket/", "hdfs://u:sEcReT@h/", "ftp://u:sEcReT@h/"}) {
            assertFalse(fails(uri, none).contains("sEcReT"));
        }
        MountOptions options = none.toBuilder()
                .putCredentials("access-key", "k")
                .putCredentials("sEcReT-key", "sEcReT")
                .build();
        assertFalse(fails("s3://bucket", options).contains("\"sEcReT\""));
    }

    @Test
    void limitsAreApplied() throws TarnException {
        MountOptions limited = none.toBuilder().setRequestsPerSecond(10).build();
        try (UnderStore store = stores.open(directory.toString(), limited)) {
            assertInstanceOf(LimitedUnderStore.class, store);
        }
    }

    private MountOptions property(String key, String value) {
        return none.toBuilder().putProperties(key, value).build();
    }

    private String fails(String uri, MountOptions options) {
        TarnException failure = assertThrows(TarnException.class, () -> stores.open(uri, options));
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code(), failure.getMessage());
        return String.valueOf(failure.getMessage());
    }
}
