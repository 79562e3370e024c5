package io.tarn.testing.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.understore.Utf8Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

class EmbeddedS3Test {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private EmbeddedS3 s3;

    @SuppressWarnings("NullAway.Init")
    private S3Client client;

    @BeforeEach
    void start() throws IOException {
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory).withRecordedRanges());
        s3.createBucket("lake");
        client = S3TestClients.of(s3);
    }

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    @Test
    void countsExactlyWhatCrossesTheSocket() {
        byte[] content = bytes(3 * MEBIBYTE);
        put("a/object", content);
        assertArrayEquals(
                Arrays.copyOfRange(content, 1000, 2001),
                client.getObjectAsBytes(
                                get -> get.bucket("lake").key("a/object").range("bytes=1000-2000"))
                        .asByteArray());
        assertArrayEquals(
                content,
                client.getObjectAsBytes(get -> get.bucket("lake").key("a/object"))
                        .asByteArray());
        client.headObject(head -> head.bucket("lake").key("a/object"));
        client.listObjectsV2(list -> list.bucket("lake"));
        client.deleteObject(delete -> delete.bucket("lake").key("a/object"));
        assertEquals(
                new S3Counts(2, 1, 1, 1, 1, 1001 + content.length, content.length),
                s3.counters().snapshot());
        assertEquals(List.of("bytes=1000-2000", ""), s3.counters().ranges("/lake/a/object"));

        s3.counters().reset();
        assertEquals(new S3Counts(0, 0, 0, 0, 0, 0, 0), s3.counters().snapshot());
    }

    @Test
    void aGetThatFailsCountsAsRequestWithoutBytes() {
        assertEquals(
                404,
                failure(() -> client.getObjectAsBytes(get -> get.bucket("lake").key("nothing here")))
                        .statusCode());
        assertEquals(1, s3.counters().snapshot().getRequests());
        assertEquals(0, s3.counters().snapshot().objectBytesOut());
    }

    @Test
    void refusesWrongSecret() {
        try (S3Client stranger = S3TestClients.of(s3.endpoint(), s3.accessKey(), "wrong")) {
            assertEquals(
                    403,
                    failure(() -> stranger.listObjectsV2(list -> list.bucket("lake")))
                            .statusCode());
        }
    }

    @Test
    void readsOnlyTheVersionAskedFor() {
        String first = put("object", bytes(100));
        put("object", bytes(200));
        assertEquals(
                412,
                failure(() -> client.getObjectAsBytes(
                                get -> get.bucket("lake").key("object").ifMatch(first)))
                        .statusCode());
    }

    @Test
    void createsOnlyWhatIsMissingWhenAsked() {
        put("object", bytes(100));
        assertEquals(
                412,
                failure(() -> client.putObject(
                                put -> put.bucket("lake").key("object").ifNoneMatch("*"),
                                RequestBody.fromBytes(bytes(1))))
                        .statusCode());
        assertEquals(
                100,
                client.headObject(head -> head.bucket("lake").key("object")).contentLength());
    }

    @Test
    void joinsPartsAndRefusesToReplaceWhenAsked() {
        byte[] content = bytes(6 * MEBIBYTE);
        assertEquals(content.length, multipart("big", content).contentLength());
        assertArrayEquals(
                content,
                client.getObjectAsBytes(get -> get.bucket("lake").key("big")).asByteArray());
        assertEquals(412, failure(() -> multipart("big", content)).statusCode());
        assertEquals(
                List.of("big"),
                client.listObjectsV2(list -> list.bucket("lake")).contents().stream()
                        .map(object -> object.key())
                        .toList());
    }

    @Test
    void listsByPrefixDelimiterAndStart() {
        for (String key : List.of("d/1 %+ü", "d/2", "d/sub/3", "e")) {
            put(key, bytes(1));
        }
        ListObjectsV2Response listing = client.listObjectsV2(list -> list.bucket("lake")
                .prefix("d/")
                .delimiter("/")
                .startAfter("d/1")
                .encodingType("url"));
        assertEquals(
                List.of("d/1 %+ü", "d/2"),
                listing.contents().stream().map(object -> object.key()).toList());
        assertEquals("d/sub/", listing.commonPrefixes().getFirst().prefix());
        ListObjectsV2Response page =
                client.listObjectsV2(list -> list.bucket("lake").maxKeys(1).startAfter("d/1 %+ü"));
        assertEquals("d/2", page.contents().getFirst().key());
        assertTrue(page.isTruncated());
    }

    @Test
    void takesEveryKeyThatS3Takes() {
        List<String> keys = List.of(
                "a", "a/b", "a//c", "a/../d", "x/", "ü/\uD83D\uDE00 %2F+&?#", "tab\tnew\nline\\n", "./.", "/slash");
        for (String key : keys) {

            put(key, key.getBytes(StandardCharsets.UTF_8));
        }
        for (String key : keys) {
            assertArrayEquals(
                    key.getBytes(StandardCharsets.UTF_8),
                    client.getObjectAsBytes(get -> get.bucket("lake").key(key)).asByteArray(),
                    key);
        }
        List<String> listed = client.listObjectsV2(list -> list.bucket("lake").encodingType("url")).contents().stream()
                .map(object -> object.key())
                .toList();
        assertEquals(keys.stream().sorted(Utf8Order.INSTANCE).toList(), listed);
    }

    @Test
    void listsPageByPageWithoutGapOrRepeat() {
        List<String> expected = new ArrayList<>();
        for (int directory = 0; directory < 3; directory++) {
            for (int file = 0; file < 4; file++) {
                put("d" + directory + "/f" + file, bytes(1));
            }
            put("e" + directory, bytes(1));
        }
        expected.addAll(List.of("d0/", "d1/", "d2/", "e0", "e1", "e2"));
        List<String> found = new ArrayList<>();
        for (ListObjectsV2Response page : client.listObjectsV2Paginator(
                list -> list.bucket("lake").delimiter("/").maxKeys(1))) {
            page.commonPrefixes().forEach(prefix -> found.add(prefix.prefix()));
            page.contents().forEach(object -> found.add(object.key()));
        }
        assertEquals(expected, found);
    }

    @Test
    void delaysAndBoundsAsTold() {
        put("object", bytes(2 * MEBIBYTE));
        s3.shape(100, 10 * MEBIBYTE);
        long start = System.nanoTime();
        client.getObjectAsBytes(get -> get.bucket("lake").key("object"));
        long elapsedMillis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(elapsedMillis >= 290, "2 MiB at 10 MiB/s after 100 ms took " + elapsedMillis + " ms");
    }

    @Test
    void keepsObjectsOverARestart() throws IOException {
        put("object", bytes(10));
        s3.close();
        client.close();
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory));
        client = S3TestClients.of(s3);
        assertEquals(
                10, client.headObject(head -> head.bucket("lake").key("object")).contentLength());
    }

    private HeadObjectResponse multipart(String key, byte[] content) {
        String upload = client.createMultipartUpload(
                        create -> create.bucket("lake").key(key))
                .uploadId();
        int half = 5 * MEBIBYTE;
        List<byte[]> parts = List.of(Arrays.copyOf(content, half), Arrays.copyOfRange(content, half, content.length));
        List<CompletedPart> completed = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            int partNumber = number;
            String tag = client.uploadPart(
                            part -> part.bucket("lake")
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(partNumber),
                            RequestBody.fromBytes(parts.get(number - 1)))
                    .eTag();
            completed.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        client.completeMultipartUpload(complete -> complete.bucket("lake")
                .key(key)
                .uploadId(upload)
                .ifNoneMatch("*")
                .multipartUpload(all -> all.parts(completed)));
        return client.headObject(head -> head.bucket("lake").key(key));
    }

    private String put(String key, byte[] content) {
        return client.putObject(put -> put.bucket("lake").key(key), RequestBody.fromBytes(content))
                .eTag();
    }

    private static S3Exception failure(Executable call) {
        return assertThrows(S3Exception.class, call);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
