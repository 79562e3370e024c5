package io.tarn.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The lines of one run; tells each as soon as it is there, and all of them as JSON. Not thread-safe. */
public final class Report {
    private static final String ROW = "%-52s %-7s %11s %11s %11s   %-22s %11s %7s";
    private static final double WHOLE_FROM = 100;

    private final List<Line> lines = new ArrayList<>();
    private final Consumer<String> out;

    /** @param out takes each line of the table */
    public Report(Consumer<String> out) {
        this.out = out;
    }

    public void head() {
        out.accept(ROW.formatted("", "unit", "least", "median", "most", "beside", "median", "ratio"));
    }

    public void add(Line line) {
        lines.add(line);
        Sample raw = line.raw();
        out.accept(ROW.formatted(
                line.name(),
                line.unit(),
                number(line.tarn().least()),
                number(line.tarn().median()),
                number(line.tarn().most()),
                line.rawName(),
                raw == null ? "" : number(raw.median()),
                Double.isFinite(line.ratio()) ? String.format(Locale.ROOT, "%.2f", line.ratio()) : ""));
    }

    /** Says something that is not a figure. */
    public void note(String text) {
        out.accept("  " + text);
    }

    /** All lines as one JSON array of objects. */
    public String toJson() {
        List<String> objects = new ArrayList<>();
        for (Line line : lines) {
            Sample raw = line.raw();
            objects.add(
                    "  {\"benchmark\": %s, \"name\": %s, \"unit\": %s, \"tarn\": %s, \"beside\": %s, \"raw\": %s, \"ratio\": %s}"
                            .formatted(
                                    text(line.benchmark()),
                                    text(line.name()),
                                    text(line.unit()),
                                    sample(line.tarn()),
                                    text(line.rawName()),
                                    raw == null ? "null" : sample(raw),
                                    Double.isFinite(line.ratio())
                                            ? String.format(Locale.ROOT, "%.4f", line.ratio())
                                            : "null"));
        }
        return "[\n" + String.join(",\n", objects) + "\n]";
    }

    private static String sample(Sample sample) {
        return String.format(
                Locale.ROOT,
                "{\"least\": %.3f, \"median\": %.3f, \"most\": %.3f}",
                sample.least(),
                sample.median(),
                sample.most());
    }

    private static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= WHOLE_FROM ? "%,.0f" : "%.2f", value);
    }
}
