package io.tarn.standalone.crash;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Compares what a mounted store holds with what the namespace has to have there: all of it, each byte, and nothing else. */
final class StoreCheck {
    private final UnderStore store;
    private final String mount;

    StoreCheck(UnderStore store, String mount) {
        this.store = store;
        this.mount = mount;
    }

    /** Differences of names and lengths; empty where there are none. */
    List<String> differences(List<Tree> trees) throws TarnException {
        SortedMap<String, Tree.Entry> expected = expected(trees);
        TreeSet<String> directories = new TreeSet<>();
        TreeSet<String> files = new TreeSet<>();
        List<String> differences = new ArrayList<>();
        for (Iterator<StoreStatus> all = store.listRecursive(""); all.hasNext(); ) {
            StoreStatus status = all.next();
            addDirectories(status.directory() ? status.path() + "/" : status.path(), directories);
            if (!status.directory()) {
                files.add(status.path());
                Tree.Entry entry = expected.get(status.path());
                Content content = entry == null ? null : entry.content();
                if (content == null) {
                    differences.add(status.path() + " should not be there");
                } else if (content.lengthBytes() != status.lengthBytes()) {
                    differences.add(
                            status.path() + " has " + status.lengthBytes() + " bytes, not " + content.lengthBytes());
                }
            }
        }
        expected.forEach((path, entry) -> {
            if (!(entry.isDirectory() ? directories : files).contains(path)) {
                differences.add(path + (entry.isDirectory() ? "/" : "") + " is not there");
            }
        });
        directories.stream()
                .filter(path -> !expected.containsKey(path))
                .forEach(path -> differences.add(path + "/ should not be there"));
        return differences;
    }

    private static void addDirectories(String path, TreeSet<String> directories) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            directories.add(path.substring(0, slash));
        }
    }

    /** Reads all that should be there. */
    void checkBytes(List<Tree> trees) throws TarnException {
        for (Map.Entry<String, Tree.Entry> entry : expected(trees).entrySet()) {
            Content content = entry.getValue().content();
            if (content != null) {
                checkBytes(entry.getKey(), content);
            }
        }
    }

    private void checkBytes(String path, Content content) throws TarnException {
        StoreStatus status = store.status(path).orElseThrow(() -> new AssertionError(path + " has gone"));
        AtomicInteger at = new AtomicInteger();
        store.read(path, status.versionTag(), 0, content.lengthBytes(), piece -> {
            int offset = at.getAndAdd(piece.remaining());
            Reads.requireSame(path + " in " + store.uri(), offset, content.bytes(offset, piece.remaining()), piece);
        });
    }

    /** Entries below the mount, by their path in the store. */
    private SortedMap<String, Tree.Entry> expected(List<Tree> trees) {
        SortedMap<String, Tree.Entry> expected = new TreeMap<>();
        for (Tree tree : trees) {
            tree.entries().forEach((path, entry) -> {
                if (path.startsWith(mount + "/")) {
                    expected.put(path.substring(mount.length() + 1), entry);
                }
            });
        }
        return expected;
    }
}
