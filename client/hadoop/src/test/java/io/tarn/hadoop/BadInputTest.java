package io.tarn.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users get wrong, through Hadoop: the exceptions that its programs look for, with the same text as everywhere. */
@ExtendWith(SharedServer.class)
class BadInputTest {
    @TempDir
    java.nio.file.Path directory;

    private FileSystem files;

    @BeforeEach
    void start() throws IOException {
        files = FileSystem.newInstance(SharedServer.root(), new Configuration());
    }

    @AfterEach
    void stop() throws IOException {
        files.close();
    }

    @Test
    void names() throws IOException {
        Path tooLong = new Path("/" + "n".repeat(256));
        told(PathIOException.class, "at most 255 bytes", () -> files.mkdirs(tooLong));
        told(PathIOException.class, "4096", () -> files.mkdirs(new Path("/d" + "/d".repeat(2100))));
        Path deep = new Path("/deep" + "/d".repeat(1000));
        assertTrue(files.mkdirs(deep));
        assertTrue(files.getFileStatus(deep).isDirectory());
        assertTrue(files.delete(new Path("/deep"), true));
        assertFalse(files.exists(deep));
    }

    @Test
    void aFileWhereADirectoryIsNeeded() throws IOException {
        files.create(new Path("/bad/file")).close();
        told(ParentNotDirectoryException.class, "/bad/file", () -> files.mkdirs(new Path("/bad/file/below")));
        told(FileNotFoundException.class, "/bad/none", () -> files.open(new Path("/bad/none")));
    }

    @Test
    void aReadOnlyMountAndAStoreThatIsGone() throws IOException {
        java.nio.file.Path store = Files.createDirectories(directory.resolve("store"));
        MountSettings readOnly = MountSettings.DEFAULT.withReadOnly(true).withSyncInterval(Duration.ZERO);
        try (TarnClient client = SharedServer.connect(true, true)) {
            client.mount("/read-only", store.toUri().toString(), readOnly);
            told(
                    AccessControlException.class,
                    "read-only",
                    () -> files.create(new Path("/read-only/file")).close());
            Files.delete(store);
            told(FileNotFoundException.class, "/read-only", () -> files.listStatus(new Path("/read-only")));
            client.unmount("/read-only");
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyFailureKeepsItsAdvice(ErrorCode code) {
        TarnException failure = new TarnException(code, "it broke; mend it");
        IOException seen = HadoopErrors.of("/some/path", failure);
        String message = String.valueOf(seen.getMessage());
        assertTrue(message.contains("/some/path") && message.contains("it broke; mend it"), seen.toString());
        assertEquals(failure, seen.getCause());
    }

    private static void told(Class<? extends IOException> type, String text, Executable mistake) {
        IOException seen = assertThrows(IOException.class, mistake);
        assertInstanceOf(type, seen);
        assertTrue(String.valueOf(seen.getMessage()).contains(text), seen.toString());
    }
}
