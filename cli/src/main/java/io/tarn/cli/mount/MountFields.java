package io.tarn.cli.mount;

import io.tarn.cli.output.Field;
import io.tarn.cli.output.Printable;
import io.tarn.client.MountInfo;
import io.tarn.client.MountSettings;
import java.time.Duration;
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
                new Field("options", settings.properties(), options(settings)));
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
