package io.tarn.cli.output;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One named value of a result.
 *
 * @param name in JSON; in a table its title
 * @param value for programs: exact, with the unit in the name
 * @param text for people
 */
public record Field(String name, @Nullable Object value, String text) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    public static Field of(String name, @Nullable Object value) {
        return new Field(name, value, value == null ? "-" : Printable.line(value.toString()));
    }

    /** An amount of data, given in bytes. */
    public static Field bytes(String name, long bytes) {
        return new Field(name, bytes, amount(bytes));
    }

    /** A time, given in milliseconds since the epoch. */
    public static Field time(String name, long millis) {
        return new Field(name, millis, TIME.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault())));
    }

    /** A ratio from 0 to 1; NaN where there is none yet. */
    public static Field ratio(String name, double ratio) {
        return new Field(name, ratio, Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * ratio));
    }

    /** For instance "1.5 GiB". */
    public static String amount(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** The name as a title: "lengthBytes" is written "LENGTH". */
    String title() {
        String words = name.replaceAll("(Bytes|Millis)$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return words.toUpperCase(Locale.ROOT);
    }
}
