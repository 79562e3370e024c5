package io.tarn.testing.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.testing.understore.S3MountOptions;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import io.tarn.understore.UploadLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A process is killed while it uploads; the next one in its directory leaves no parts on the server. */
@Timeout(120)
class KilledUploadTest {
    private static final String STORE = "s3://bucket/m";

    @TempDir
    Path directory;

    @Test
    void theNextStartAbortsTheUploadsOfAKilledProcess() throws Exception {
        S3Settings settings = S3Settings.inDirectory(directory.resolve("objects"));
        try (EmbeddedS3 s3 = EmbeddedS3.start(settings);
                S3Client client = S3TestClients.of(s3)) {
            s3.createBucket("bucket");
            String foreign = client.createMultipartUpload(
                            create -> create.bucket("bucket").key("m/foreign"))
                    .uploadId();
            for (int attempt = 0; attempt < 5 && uploads(client).size() == 1; attempt++) {
                killWhileUploading(s3, client);
            }
            assertTrue(uploads(client).size() > 1, "the killed process has left uploads");
            try (UploadLog log = UploadLog.open(directory.resolve("state"));
                    UnderStore store = UnderStores.load(log)
                            .open(STORE, S3MountOptions.of(s3.endpoint(), s3.accessKey(), s3.secretKey()))) {
                long end = System.nanoTime() + 60_000_000_000L;
                while (uploads(client).size() > 1 && System.nanoTime() < end) {
                    LockSupport.parkNanos(5_000_000);
                }
                assertEquals(
                        List.of(foreign),
                        uploads(client).stream().map(MultipartUpload::uploadId).toList());
                assertFalse(new StoreProbe(store).files("").isEmpty(), "what was committed is there");
            }
        }
    }

    private static List<MultipartUpload> uploads(S3Client client) {
        return client.listMultipartUploads(list -> list.bucket("bucket")).uploads();
    }

    private void killWhileUploading(EmbeddedS3 s3, S3Client client) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UploadingProcess.class.getName(),
                        directory.resolve("state").toString(),
                        s3.endpoint().toString(),
                        s3.accessKey(),
                        s3.secretKey())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            for (int committed = 0; committed < 3 || uploads(client).size() < 3; committed++) {
                assertNotNull(lines.readLine(), "the process ended by itself");
            }
            assertTrue(process.toHandle().destroyForcibly());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Writes files of several parts on several threads without end, and says which it has committed. */
    static final class UploadingProcess {
        private static final int THREADS = 3;

        private UploadingProcess() {}

        public static void main(String[] arguments) throws IOException {
            ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
            parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
            UnderStore store = UnderStores.load(UploadLog.open(Path.of(arguments[0])))
                    .open(STORE, S3MountOptions.of(URI.create(arguments[1]), arguments[2], arguments[3]));
            for (int thread = 0; thread < THREADS; thread++) {
                String name = "file-" + thread + "-";
                Thread.ofPlatform().start(() -> writeForEver(store, name));
            }
        }

        private static void writeForEver(UnderStore store, String name) {
            byte[] piece = new byte[1 << 20];
            for (int number = 0; ; number++) {
                try (StoreWriter writer = store.create(name + number, CreateOptions.REPLACE)) {
                    for (int i = 0; i < 12; i++) {
                        writer.write(ByteBuffer.wrap(piece));
                    }
                    writer.commit();
                    System.out.println(name + number);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }
}
