package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.ListRequest;
import io.tarn.protocol.v1.MakeDirectoryRequest;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.WriteType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order, and on which pages, directories show that their store has lost. */
class LostDirectoryListingTest {
    private static final String STORE = "object://bucket/";
    private static final Comparator<String> BY_BYTES =
            Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(new InMemoryJournal(), new InMemoryStateStore(), stores, clock);
        harness.mount(
                "/m",
                STORE,
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.MUST_CACHE));
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void own(String directory) throws TarnException {
        harness.put(STORE, directory + "/x", 1);
        harness.write("/m/" + directory + "/y", 1);
    }

    private void lose() throws TarnException {
        for (String name : harness.names("/m")) {
            stores.store(STORE).deleteDirectory(name, true);
        }
        harness.sync("/m", true);
    }

    private List<String> page(String directory, String after, int limit) throws TarnException {
        Listing listing = harness.namespace.list(ListRequest.newBuilder()
                .setCaller(harness.caller())
                .setPath(directory)
                .setStartAfter(after)
                .setLimit(limit)
                .build());
        List<String> names = new ArrayList<>();
        for (List<FileStatus> page = listing.next(); !page.isEmpty(); page = listing.next()) {
            page.forEach(status ->
                    names.add(status.getPath().substring(status.getPath().lastIndexOf('/') + 1)));
        }
        return names;
    }

    private void assertPages(String directory, NavigableSet<String> names) throws TarnException {
        assertEquals(List.copyOf(names), harness.names(directory));
        for (int limit = 1; limit < 4; limit++) {
            for (String after : names) {
                List<String> expected =
                        names.tailSet(after, false).stream().limit(limit).toList();
                assertEquals(expected, page(directory, after, limit), "after " + after);
            }
        }
    }

    @Test
    void aNameThatBeginsAnotherComesFirstHoweverFarBelowItsFilesAre() throws TarnException {
        for (String place : List.of("a-b", "a.b", "a/deep/er", "a-b-c/deep", "a0", "b/c", "a-")) {
            own(place);
        }
        lose();
        NavigableSet<String> names = new TreeSet<>(BY_BYTES);
        names.addAll(List.of("a", "a-", "a-b", "a-b-c", "a.b", "a0", "b"));
        assertPages("/m", names);
        assertEquals(List.of("deep"), harness.names("/m/a"));
        assertEquals(List.of("er"), harness.names("/m/a/deep"));
    }

    @Test
    void moreThanAPage() throws TarnException {
        NavigableSet<String> names = new TreeSet<>(BY_BYTES);
        for (int i = 0; i < 1_100; i++) {
            String name = "day-" + i;
            names.add(name);
            own(name + (i % 2 == 0 ? "" : "/part"));
            if (i % 10 == 0) {
                names.add("file-" + i);
                harness.write("/m/file-" + i, 1);
            }
        }
        lose();
        assertEquals(List.copyOf(names), harness.names("/m"));
    }

    /** Beside them, and in their place, what the store has and what is owned as a whole. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void anyNames(int seed) throws TarnException {
        Random random = new Random(seed);
        NavigableSet<String> names = new TreeSet<>(BY_BYTES);
        for (int i = 0; i < 25; i++) {
            String name = name(random);
            names.add(name);
            own("top/" + name + (random.nextBoolean() ? "" : "/" + name(random)));
        }
        lose();
        for (int i = 0; i < 12; i++) {
            String name = name(random);
            names.add(name);
            switch (random.nextInt(3)) {
                case 0 -> harness.put(STORE, "top/" + name + "/again", 1);
                case 1 -> harness.put(STORE, "top/" + name + "/" + name(random) + "/again", 1);
                default -> makeDirectory("/m/top/" + name);
            }
        }
        harness.sync("/m", true);
        assertPages("/m/top", names);
    }

    private void makeDirectory(String path) throws TarnException {
        NamespaceHarness.wait(() -> harness.namespace.makeDirectory(MakeDirectoryRequest.newBuilder()
                .setCaller(harness.caller())
                .setPath(path)
                .setAllowExisting(true)
                .setMode(0755)
                .build()));
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder("a");
        int length = random.nextInt(4);
        for (int i = 0; i < length; i++) {
            name.append("a-.0ü".charAt(random.nextInt(5)));
        }
        return name.toString();
    }
}
