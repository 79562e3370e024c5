package io.tarn.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Unsorted directories in order, with few entries in memory. */
final class SortedPagesTest {
    private final List<String> names = new ArrayList<>(
            IntStream.range(0, 1_000).mapToObj("name-%04d"::formatted).toList());
    private int passes;

    @Test
    void sortsWithLittleMemory() throws TarnException {
        Collections.shuffle(names, new Random(1));
        assertEquals(names.stream().sorted().toList(), all(100, ""));
        assertEquals(11, passes, "one pass for each page, and one that finds nothing");
    }

    @Test
    void oneSmallDirectoryIsReadOnce() throws TarnException {
        assertEquals(names, all(2_000, ""));
        assertEquals(1, passes);
    }

    @Test
    void startsAfterAName() throws TarnException {
        assertEquals(names.subList(500, 1_000), all(64, "name-0499"));
        assertEquals(names.subList(500, 1_000), all(64, "name-0499x"));
        assertEquals(List.of(), all(64, "z"));
    }

    private List<String> all(int pageEntries, String startAfter) throws TarnException {
        List<String> given = new ArrayList<>();
        new SortedPages<String>(
                        visitor -> {
                            passes++;
                            for (String name : names) {
                                visitor.entry(name, name);
                            }
                        },
                        pageEntries,
                        startAfter)
                .forEachRemaining(given::add);
        return given;
    }
}
