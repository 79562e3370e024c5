package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import io.tarn.understore.Utf8Order;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that only a flat bucket can have, and the namespace made of them. */
final class S3KeysTest {
    private FlatS3 server;
    private UnderStore store;

    @BeforeEach
    void start() throws IOException {
        server = new FlatS3();
        store = UnderStores.load().open("s3://bucket/m", S3MountOptions.of(server.endpoint(), "key", "secret"));
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
    void impossibleNamesAreSkippedAndCounted() throws Exception {
        server.bucket.put(
                "m/ok", "m//empty", "m/./dot", "m/../up", "m/a//b", "m/a/c", "m/" + "x".repeat(256), "m/nul\0");
        assertEquals(List.of("a/", "ok"), probe().names(""));
        assertEquals(5, store.skippedNames());
        assertEquals(List.of("c"), probe().names("a"));
        assertEquals(6, store.skippedNames());
        assertEquals(List.of("a/c", "ok"), probe().files(""));
        assertEquals(12, store.skippedNames());
    }

    @Test
    void aDirectoryHidesAnObjectOfItsName() throws Exception {
        server.bucket.put("m/a", "m/a!", "m/a-1", "m/a/b", "m/a/c", "m/b");
        assertEquals(List.of("a/", "a!", "a-1", "b"), probe().names(""));
        assertEquals(1, store.skippedNames());
        assertTrue(probe().status("a").directory());
        assertEquals(List.of("a!", "a-1", "a/b", "a/c", "b"), probe().files(""));
    }

    @Test
    void markersAreDirectoriesAndNeverFiles() throws Exception {
        server.bucket.put("m/", "m/empty/", "m/full/", "m/full/file");
        assertEquals(List.of("empty/", "full/"), probe().names(""));
        assertEquals(List.of("file"), probe().names("full"));
        assertEquals(List.of(), probe().names("empty"));
        List<String> all = new ArrayList<>();
        store.listRecursive("").forEachRemaining(status -> all.add(status.path() + (status.directory() ? "/" : "")));
        assertEquals(List.of("empty/", "full/file"), all);
        assertEquals(0, store.skippedNames());
        assertFalse(store.deleteFile("empty", ""));
        assertTrue(store.deleteDirectory("empty", false));
        assertEquals(List.of("full/"), probe().names(""));
    }

    @Test
    void deletesEverythingBelowAlsoWhatCannotBeNamed() throws Exception {
        server.bucket.put("m/d/", "m/d/a", "m/d//x", "m/d/../y", "m/d/a b+c%&<>", "m/dd");
        assertTrue(store.deleteDirectory("d", true));
        assertEquals(List.of("m/dd"), List.copyOf(server.bucket.objects.keySet()));
    }

    @Test
    void otherPrefixesAreNotSeen() throws Exception {
        server.bucket.put("m", "m!", "mm/x", "m/y", "n");
        assertEquals(List.of("y"), probe().names(""));
        assertEquals(List.of("y"), probe().files(""));
    }

    @Test
    void aHundredThousandKeysUnderOnePrefix() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            server.bucket.put("m/d/part-%06d".formatted(i));
        }
        server.bucket.put("m/d/part/below", "m/d/part");
        long count = 0;
        String last = "";
        for (var listing = store.list("d", ""); listing.hasNext(); count++) {
            StoreStatus status = listing.next();
            assertTrue(Utf8Order.INSTANCE.compare(last, status.name()) < 0, status.name());
            last = status.name();
        }
        assertEquals(100_001, count, "the files, and the directory that hides the object");
        long requests = probe().figures("list").requests();
        assertTrue(requests <= 103, "100 pages and one question, not " + requests);
    }

    @Test
    void everyTreeIsListedInOrderFromAnyName() throws Exception {
        Random random = new Random(7);
        String alphabet = "ab!-/é";
        for (int round = 0; round < 4; round++) {
            server.bucket.objects.clear();
            TreeSet<String> expected = new TreeSet<>(Utf8Order.INSTANCE);
            for (int i = 0; i < 1_500; i++) {
                StringBuilder name = new StringBuilder();
                for (int length = 1 + random.nextInt(7); length > 0; length--) {
                    name.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                String path = name.toString();
                server.bucket.put("m/" + path);
                int slash = path.indexOf('/');
                if (slash != 0) {
                    expected.add(slash < 0 ? path : path.substring(0, slash));
                }
            }
            assertEquals(List.copyOf(expected), plainNames(""), "round " + round);
            String from =
                    expected.stream().skip(expected.size() / 2).findFirst().orElseThrow();
            assertEquals(List.copyOf(expected.tailSet(from, false)), plainNames(from), "after " + from);
        }
    }

    private List<String> plainNames(String startAfter) throws Exception {
        List<String> names = new ArrayList<>();
        store.list("", startAfter).forEachRemaining(status -> names.add(status.name()));
        return names;
    }
}
