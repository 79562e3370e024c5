package io.tarn.standalone.crash;

import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What listings show of a client's part of the namespace. */
record FoundTree(SortedMap<String, FileInfo> entries) {
    static FoundTree list(TarnClient client, List<String> roots) throws TarnException {
        SortedMap<String, FileInfo> entries = new TreeMap<>();
        for (String root : roots) {
            entries.put(root, client.status(root));
            try (Listing listing = client.list(root, ListOptions.RECURSIVE)) {
                while (listing.hasNext()) {
                    FileInfo info = listing.next();
                    if (entries.put(info.path(), info) != null) {
                        throw new AssertionError(info.path() + " is listed twice");
                    }
                }
            }
        }
        return new FoundTree(entries);
    }

    /** How it differs from what it should be; empty where it does not. */
    List<String> differences(Tree tree) {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, Tree.Entry> expected : tree.entries().entrySet()) {
            String difference = difference(expected.getValue(), entries.get(expected.getKey()));
            if (difference != null) {
                differences.add(expected.getKey() + " " + difference);
            }
        }
        entries.keySet().stream()
                .filter(path -> tree.get(path) == null)
                .forEach(path -> differences.add(path + " should not be there"));
        return differences;
    }

    private static @Nullable String difference(Tree.Entry expected, @Nullable FileInfo found) {
        if (found == null) {
            return "is not there";
        }
        if (expected.isDirectory() != found.isDirectory()) {
            return expected.isDirectory() ? "is no directory" : "is a directory";
        }
        Content content = expected.content();
        if (content != null && content.lengthBytes() != found.lengthBytes()) {
            return "has " + found.lengthBytes() + " bytes, not " + content.lengthBytes();
        }
        if (!found.complete()) {
            return "is not complete";
        }
        return expected.mode() == Tree.ANY_MODE || expected.mode() == found.mode()
                ? null
                : "has mode " + Integer.toOctalString(found.mode()) + ", not " + Integer.toOctalString(expected.mode());
    }
}
