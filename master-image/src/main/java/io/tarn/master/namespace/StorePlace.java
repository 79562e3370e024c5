package io.tarn.master.namespace;

import io.tarn.protocol.v1.MountOptions;
import java.util.Locale;

/** Where a store URI points, in a form in which two can be compared. */
record StorePlace(String storage, String path) {
    /** @param options the store's; two servers may have buckets of one name */
    static StorePlace of(String storeUri, MountOptions options) {
        int colon = storeUri.indexOf(':');
        String scheme = storeUri.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
        String rest = storeUri.substring(colon + 1);
        String authority = "";
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
        }
        String server = options.getPropertiesOrDefault("endpoint", "").replaceAll("/+$", "");
        return new StorePlace(
                family(scheme) + "://" + authority + " " + server.toLowerCase(Locale.ROOT),
                "/" + trimSlashes(rest) + "/");
    }

    private static String family(String scheme) {
        return switch (scheme) {
            case "s3a", "s3n" -> "s3";
            case "" -> "file";
            default -> scheme;
        };
    }

    /** Whether one is the other or lies below it. */
    boolean overlaps(StorePlace other) {
        return storage.equals(other.storage)
                && (path(other).startsWith(path(this)) || path(this).startsWith(path(other)));
    }

    private static String path(StorePlace place) {
        return place.path.equals("//") ? "/" : place.path;
    }

    private static String trimSlashes(String text) {
        String collapsed = text.replaceAll("/+", "/");
        int start = collapsed.startsWith("/") ? 1 : 0;
        int end = collapsed.endsWith("/") ? collapsed.length() - 1 : collapsed.length();
        return start >= end ? "" : collapsed.substring(start, end);
    }
}
