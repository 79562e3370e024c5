package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Listings: complete, in order, from any name on. */
interface ListContract extends ContractSubject {
    @Test
    default void listsInTheOrderOfBytes() throws Exception {
        String beyond = flaws().contains(ServerFlaw.SORTS_BY_UTF16) ? "\uffee" : "😀";
        List<String> names = List.of("!", "A", "B-", "B0", "a", "a b", "a-b", "a.b", "ab", "z", "é", "\uff5e", beyond);
        for (String name : names) {
            probe().put("d/" + name, name);
        }
        assertEquals(names, probe().names("d"));
        for (int i = 0; i < names.size(); i++) {
            assertEquals(names.subList(i + 1, names.size()), probe().names("d", names.get(i)));
        }
        assertEquals(names.subList(4, names.size()), probe().names("d", "_"), "a name that is not there");
    }

    @Test
    default void directoriesTakeTheirPlaceByTheirOwnName() throws Exception {
        // Keys sort "b/x" after "b!" and "b-": the name "b" comes before both.
        for (String path : List.of("a", "b!", "b-", "b/x", "b/y", "b0", "c/d/e")) {
            probe().put(path, path);
        }
        assertEquals(List.of("a", "b/", "b!", "b-", "b0", "c/"), probe().names(""));
        assertEquals(List.of("b!", "b-", "b0", "c/"), probe().names("", "b"));
        assertEquals(List.of("b-", "b0", "c/"), probe().names("", "b!"));
        assertEquals(List.of("x", "y"), probe().names("b"));
        assertEquals(List.of("c/"), probe().names("", "b0"));
        assertEquals(List.of(), probe().names("", "c"));
    }

    @Test
    default void listingAndStatusAgree() throws Exception {
        probe().put("d/file", "12345");
        probe().put("d/sub/file", "1");
        Iterator<StoreStatus> listing = store().list("d", "");
        StoreStatus file = listing.next();
        assertEquals(probe().status("d/file"), file);
        assertEquals(5, file.lengthBytes());
        assertFalse(file.versionTag().isEmpty());
        assertTrue(file.modifiedMillis() > 1_500_000_000_000L, "milliseconds since the epoch");
        StoreStatus directory = listing.next();
        assertTrue(directory.directory());
        assertEquals("d/sub", directory.path());
        assertEquals("", directory.versionTag());
        assertFalse(listing.hasNext());
    }

    @Test
    default void listsWhatIsNotThere() throws Exception {
        assertListsNothing("absent");
        probe().put("file", "x");
        assertListsNothing("file");
        assertListsNothing("file/below");
    }

    private void assertListsNothing(String path) throws TarnException {
        try {
            assertEquals(List.of(), probe().names(path));
        } catch (TarnException e) {
            boolean expected = e.code() == ErrorCode.STORE_NOT_FOUND || e.code() == ErrorCode.NOT_A_DIRECTORY;
            assertTrue(expected, e.getMessage());
        }
    }

    @Test
    default void listsManyFilesInPages() throws Exception {
        int files = pageEntries() + pageEntries() / 20 + 3;
        putMany(files);
        List<String> names = probe().names("d");
        assertEquals(files, names.size());
        assertEquals("part-00000", names.getFirst());
        assertEquals("part-%05d".formatted(files - 1), names.getLast());
        assertEquals(names.stream().sorted().toList(), names);
        assertEquals(
                files - 1 - pageEntries(),
                probe().names("d", "part-%05d".formatted(pageEntries())).size());
        assertEquals(files, probe().files("d").size());
        assertTrue(store().deleteDirectory("d", true));
        assertEquals(List.of(), probe().files(""));
    }

    private void putMany(int files) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<StoreStatus>> puts = new ArrayList<>();
            for (int i = 0; i < files; i++) {
                String name = "d/part-%05d".formatted(i);
                puts.add(threads.submit(() -> probe().put(name, "")));
            }
            for (Future<StoreStatus> put : puts) {
                put.get();
            }
        }
    }

    @Test
    default void listsRecursively() throws Exception {
        List<String> paths = List.of("d/a", "d/b/c", "d/b/d/e", "d/z");
        for (String path : paths) {
            probe().put(path, path);
        }
        probe().put("e", "e");
        assertEquals(paths, probe().files("d"));
        assertEquals(5, probe().files("").size());
        assertEquals(List.of("d/b/c", "d/b/d/e"), probe().files("d/b"));
    }
}
