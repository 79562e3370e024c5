package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.StoreProperties;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an S3 mount.
 *
 * @param endpoint of a server that is not AWS; null = AWS
 * @param region null = from the environment, as the AWS command line finds it
 * @param partBytes size of a part of an upload; a file has at most 10,000
 * @param uploadsInFlight parts on their way at once, of all files of the mount together
 * @param copyPartBytes larger files are copied in parts of this size
 * @param attempts how often a request is sent before it fails
 * @param conditionalWrites whether the server honours If-None-Match and If-Match on writes
 * @param conditionalDeletes whether the server honours If-Match on deletes
 */
record S3StoreSettings(
        String bucket,
        String keyPrefix,
        @Nullable URI endpoint,
        @Nullable String region,
        boolean pathStyle,
        int partBytes,
        int uploadsInFlight,
        long copyPartBytes,
        int maxConnections,
        Duration connectTimeout,
        Duration readTimeout,
        int attempts,
        boolean conditionalWrites,
        boolean conditionalDeletes) {
    private static final long MEBIBYTE = 1L << 20;
    private static final Set<String> KEYS = Set.of(
            "endpoint",
            "region",
            "path-style",
            "part-size",
            "uploads-in-flight",
            "copy-part-size",
            "max-connections",
            "connect-timeout-millis",
            "read-timeout-millis",
            "attempts",
            "conditional-writes",
            "conditional-deletes");

    static StoreProperties properties(String storeUri, MountOptions options) throws TarnException {
        Set<String> known = new java.util.HashSet<>(KEYS);
        known.addAll(S3Credentials.KEYS);
        return new StoreProperties(storeUri, options, known, "");
    }

    static S3StoreSettings parse(String storeUri, StoreProperties properties) throws TarnException {
        String rest = storeUri.substring(storeUri.indexOf(':') + 1);
        if (!rest.startsWith("//")) {
            throw properties.invalid("an S3 store is written s3://bucket/prefix");
        }
        int slash = rest.indexOf('/', 2);
        String bucket = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
        if (!bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}")) {
            throw properties.invalid("\"" + bucket + "\" is no name of a bucket; write s3://bucket/prefix");
        }
        String prefix = slash < 0 ? "" : rest.substring(slash).replaceAll("^/+|/+$", "");
        URI endpoint = endpoint(properties);
        return new S3StoreSettings(
                bucket,
                prefix.isEmpty() ? "" : prefix + "/",
                endpoint,
                properties.text("region"),
                properties.flag("path-style", endpoint != null),
                (int) properties.number("part-size", 8 * MEBIBYTE, 5 * MEBIBYTE, 512 * MEBIBYTE),
                (int) properties.number("uploads-in-flight", 8, 1, 256),
                properties.number("copy-part-size", 1024 * MEBIBYTE, 5 * MEBIBYTE, 5120 * MEBIBYTE),
                (int) properties.number("max-connections", 128, 1, 10_000),
                Duration.ofMillis(properties.number("connect-timeout-millis", 5_000, 1, 600_000)),
                Duration.ofMillis(properties.number("read-timeout-millis", 30_000, 1, 3_600_000)),
                (int) properties.number("attempts", 5, 1, 20),
                properties.flag("conditional-writes", true),
                properties.flag("conditional-deletes", endpoint == null));
    }

    private static @Nullable URI endpoint(StoreProperties properties) throws TarnException {
        String text = properties.text("endpoint");
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text.contains("://") ? text : "https://" + text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, without the text: it may hold a password.
        }
        throw properties.invalid("property \"endpoint\" is written http://host:port or https://host:port");
    }

    /** For messages. */
    String uri() {
        String path = keyPrefix.isEmpty() ? "" : "/" + keyPrefix.substring(0, keyPrefix.length() - 1);
        return "s3://" + bucket + path;
    }

    /** Whom the requests go to, for messages. */
    String server() {
        return endpoint == null ? "AWS" : endpoint.toString();
    }
}
