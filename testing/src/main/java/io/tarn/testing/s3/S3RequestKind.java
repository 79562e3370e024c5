package io.tarn.testing.s3;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of requests that are counted apart, as S3 bills them. */
enum S3RequestKind {
    GET,
    HEAD,
    PUT,
    LIST,
    DELETE;

    /** Tells a request's kind from its method, its path ("/bucket/key") and its query string. */
    static S3RequestKind of(String method, String path, @Nullable String query) {
        boolean object = path.indexOf('/', 1) > 0 && path.indexOf('/', 1) < path.length() - 1;
        return switch (method.toUpperCase(Locale.ROOT)) {
            case "GET" -> object && !isUploadListing(query) ? GET : LIST;
            case "HEAD" -> HEAD;
            case "DELETE" -> DELETE;
            case "POST" -> query != null && hasParameter(query, "delete") ? DELETE : PUT;
            default -> PUT;
        };
    }

    private static boolean isUploadListing(@Nullable String query) {
        return query != null && (hasParameter(query, "uploadId") || hasParameter(query, "uploads"));
    }

    private static boolean hasParameter(String query, String name) {
        for (String parameter : query.split("&", -1)) {
            if (parameter.equals(name) || parameter.startsWith(name + "=")) {
                return true;
            }
        }
        return false;
    }
}
