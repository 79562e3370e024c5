package io.tarn.master.namespace;

import io.tarn.master.mirror.MirrorKeys;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** Deletes the directories of a tree of a store in which there are no files, never a file. Stateless; waits for the store. */
final class EmptyDirectories {
    private static final int MAX_DIRECTORIES = 100_000;

    private EmptyDirectories() {}

    /** @return whether nothing is left, the top included */
    static boolean delete(UnderStore store, String top) throws TarnException {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (String directory : directories(store, top)) {
                progress |= deleteOne(store, directory);
            }
        }
        deleteOne(store, top);
        return store.status(top).isEmpty();
    }

    /** Of a directory that is not there: nothing. */
    static Iterator<StoreStatus> listRecursive(UnderStore store, String top) throws TarnException {
        try {
            return store.listRecursive(top);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.STORE_NOT_FOUND) {
                return Collections.emptyIterator();
            }
            throw e;
        }
    }

    static TarnException failureOf(UnderStore store, UncheckedIOException e) {
        return e.getCause() instanceof TarnException failure
                ? failure
                : new TarnException(ErrorCode.STORE_UNAVAILABLE, "listing " + store.uri() + " failed", e);
    }

    /** Deepest first. */
    private static List<String> directories(UnderStore store, String top) throws TarnException {
        List<String> found = new ArrayList<>();
        try {
            Iterator<StoreStatus> entries = listRecursive(store, top);
            while (entries.hasNext() && found.size() < MAX_DIRECTORIES) {
                StoreStatus entry = entries.next();
                if (entry.directory()) {
                    found.add(entry.path());
                }
            }
        } catch (UncheckedIOException e) {
            throw failureOf(store, e);
        }
        found.sort(Comparator.comparingInt(MirrorKeys::depth).reversed());
        return found;
    }

    private static boolean deleteOne(UnderStore store, String directory) throws TarnException {
        try {
            return store.deleteDirectory(directory, false);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.DIRECTORY_NOT_EMPTY || e.code() == ErrorCode.NOT_A_DIRECTORY) {
                return false;
            }
            throw e;
        }
    }
}
