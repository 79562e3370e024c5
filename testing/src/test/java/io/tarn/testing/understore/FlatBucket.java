package io.tarn.testing.understore;

import io.tarn.understore.Utf8Order;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A bucket whose keys are just keys, as AWS's are: no key is refused. Thread-safe. */
final class FlatBucket {
    final NavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>(Utf8Order.INSTANCE);
    final Map<String, ConcurrentSkipListMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    final Map<String, String> marks = new ConcurrentHashMap<>();

    /** An object's bytes and the mark of the upload that made it. */
    record StoredObject(byte[] content, @Nullable String mark) {
        String entityTag() {
            return "\"" + Integer.toHexString(java.util.Arrays.hashCode(content)) + "-" + content.length + "\"";
        }
    }

    void put(String... keys) {
        for (String key : keys) {
            objects.put(key, new StoredObject(key.getBytes(StandardCharsets.UTF_8), null));
        }
    }

    /** The answer to ListObjectsV2 with URL encoding. */
    String list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.getOrDefault("delimiter", "");
        int maxKeys = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        // Tokens are given out encoded and come back so: to a client they are opaque.
        String token = query.get("continuation-token");
        String after = token == null
                ? query.getOrDefault("start-after", "")
                : URLDecoder.decode(token, StandardCharsets.UTF_8);
        StringBuilder xml = new StringBuilder("<ListBucketResult><EncodingType>url</EncodingType>");
        String key = after.isEmpty() ? objects.ceilingKey(prefix) : objects.higherKey(after);
        if (key != null && Utf8Order.INSTANCE.compare(key, prefix) < 0) {
            key = objects.ceilingKey(prefix);
        }
        int given = 0;
        String last = "";
        while (key != null && key.startsWith(prefix) && given < maxKeys) {
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (end < 0) {
                contents(xml, key);
                last = key;
                key = objects.higherKey(key);
            } else {
                String common = key.substring(0, end + 1);
                xml.append("<CommonPrefixes><Prefix>").append(encode(common)).append("</Prefix></CommonPrefixes>");
                last = common + Character.toString(0x10ffff);
                key = objects.higherKey(last);
            }
            given++;
        }
        boolean more = key != null && key.startsWith(prefix);
        xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
        if (more) {
            xml.append("<NextContinuationToken>").append(encode(last)).append("</NextContinuationToken>");
        }
        return xml.append("</ListBucketResult>").toString();
    }

    private void contents(StringBuilder xml, String key) {
        StoredObject object = objects.get(key);
        if (object == null) {
            return;
        }
        xml.append("<Contents><Key>")
                .append(encode(key))
                .append("</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>")
                .append(object.entityTag().replace("\"", "&quot;"))
                .append("</ETag><Size>")
                .append(object.content().length)
                .append("</Size></Contents>");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
