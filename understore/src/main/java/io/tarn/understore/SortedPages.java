package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/**
 * Gives an unsorted directory in the order of names with bounded memory: each pass over the directory keeps the smallest {@code pageEntries} entries
 * that have not been given yet, so a directory of up to that many is read once, and a larger one once per page.
 *
 * <p>Used by one thread at a time.
 */
public final class SortedPages<T> implements Iterator<T> {
    private final Source<T> source;
    private final int pageEntries;
    private final Deque<T> page = new ArrayDeque<>();
    private String last;
    private boolean more = true;

    /** Visits all entries of a directory, in any order. */
    public interface Source<T> {
        void forEach(Visitor<T> visitor) throws TarnException;
    }

    /** Takes one entry of a directory. */
    public interface Visitor<T> {
        void entry(String name, T entry) throws TarnException;
    }

    /** @param startAfter only names after this one; "" for all */
    public SortedPages(Source<T> source, int pageEntries, String startAfter) throws TarnException {
        this.source = source;
        this.pageEntries = pageEntries;
        this.last = startAfter;
        fill();
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && more) {
            try {
                fill();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return !page.isEmpty();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.removeFirst();
    }

    private void fill() throws TarnException {
        TreeMap<String, T> smallest = new TreeMap<>(Utf8Order.INSTANCE);
        boolean[] dropped = {false};
        source.forEach((name, entry) -> {
            boolean wanted = Utf8Order.INSTANCE.compare(name, last) > 0
                    && (smallest.size() < pageEntries || Utf8Order.INSTANCE.compare(name, smallest.lastKey()) < 0);
            if (wanted) {
                smallest.put(name, entry);
            }
            if (smallest.size() > pageEntries) {
                smallest.pollLastEntry();
            }
            dropped[0] |= smallest.size() == pageEntries;
        });
        more = dropped[0];
        if (!smallest.isEmpty()) {
            last = smallest.lastKey();
            page.addAll(smallest.values());
        }
    }
}
