package io.tarn.master.page;

import java.util.List;
import java.util.Locale;

/** Pieces of a page; all text is escaped. Stateless. */
final class Html {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Html() {}

    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** @param rows of cells that are HTML */
    static String table(List<String> titles, List<List<String>> rows) {
        StringBuilder table = new StringBuilder("<table><tr>");
        titles.forEach(title -> table.append("<th>").append(text(title)).append("</th>"));
        table.append("</tr>");
        for (List<String> row : rows) {
            table.append("<tr>");
            row.forEach(cell -> table.append("<td>").append(cell).append("</td>"));
            table.append("</tr>");
        }
        return table.append("</table>").toString();
    }

    /** How much of something is used. */
    static String bar(long used, long capacity) {
        double share = capacity == 0 ? 0 : Math.min(1, (double) used / capacity);
        return String.format(
                Locale.ROOT,
                "<span class=bar><span style=\"width:%.1f%%\"></span></span> %s of %s",
                share * 100,
                bytes(used),
                bytes(capacity));
    }

    /** For instance "1.5 GiB". */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    static String share(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** For instance "3 h 20 min". */
    static String age(long millis) {
        long seconds = Math.max(0, millis / 1000);
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 120) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " h " + minutes % 60 + " min" : hours / 24 + " days";
    }
}
