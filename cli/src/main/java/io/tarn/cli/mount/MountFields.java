package io.tarn.cli.mount;

import io.tarn.cli.output.Field;
import io.tarn.cli.output.Printable;
import io.tarn.client.CacheQuota;
import io.tarn.client.MountInfo;
import io.tarn.client.MountSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a mount is shown: without its credentials. */
public final class MountFields {
    private MountFields() {}

    public static List<Field> row(MountInfo mount) {
        MountSettings settings = mount.settings();
        return List.of(
                Field.of("path", mount.path()),
                Field.of("storeUri", mount.storeUri()),
                Field.of("access", settings.readOnly() ? "read-only" : "read-write"),
                syncInterval(settings.syncInterval()),
                Field.of("writeType", settings.writeType().name()),
                cacheQuota(settings.cacheQuota()),
                new Field("options", settings.properties(), options(settings)));
    }

    private static Field cacheQuota(CacheQuota quota) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("guaranteeBytes", quota.guaranteeBytes());
        value.put("limitBytes", quota.limitBytes());
        value.put("priority", quota.priority());
        List<String> words = new ArrayList<>();
        if (quota.guaranteeBytes() > 0) {
            words.add("at least " + Field.amount(quota.guaranteeBytes()));
        }
        if (quota.limitBytes() > 0) {
            words.add("at most " + Field.amount(quota.limitBytes()));
        }
        if (quota.priority() != CacheQuota.DEFAULT_PRIORITY) {
            words.add("priority " + quota.priority());
        }
        return new Field("cacheQuota", value, words.isEmpty() ? "-" : String.join(", ", words));
    }

    private static String options(MountSettings settings) {
        StringBuilder text = new StringBuilder();
        settings.properties().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> text.append(text.isEmpty() ? "" : ",")
                        .append(entry.getKey())
                        .append('=')
                        .append(entry.getValue()));
        return text.isEmpty() ? "-" : Printable.line(text.toString());
    }

    private static Field syncInterval(@Nullable Duration interval) {
        if (interval == null) {
            return new Field("syncIntervalMillis", null, "never");
        }
        String text =
                interval.isZero() ? "always" : interval.toString().substring(2).toLowerCase(Locale.ROOT);
        return new Field("syncIntervalMillis", interval.toMillis(), text);
    }
}
