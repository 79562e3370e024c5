package io.tarn.benchmarks.quickstart;

import io.tarn.testing.s3.S3Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** The quickstart's result, as text: one row a step, for each pass its time, S3 bytes and S3 requests. */
final class ResultTable {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final int NAME_WIDTH = 12;
    private static final int COLUMN_WIDTH = 14;

    private final List<Pass> passes;
    private final List<HitRate> hitRates;

    /** @param hitRates of the passes but the first, which does not go through Tarn */
    ResultTable(List<Pass> passes, List<HitRate> hitRates) {
        this.passes = passes;
        this.hitRates = hitRates;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.addAll(section("seconds", step -> seconds(step.millis()), seconds -> seconds(seconds.millis())));
        lines.add("");
        lines.addAll(section("object bytes read from S3", step -> megabytes(step.s3()), pass -> megabytes(pass.s3())));
        lines.add("");
        lines.addAll(section("requests to S3", step -> requests(step.s3()), pass -> requests(pass.s3())));
        lines.add("");
        lines.add(row(
                "hit rate", concat("", hitRates.stream().map(HitRate::percent).toList())));
        lines.add(row(
                "results", concat("", passes.stream().skip(1).map(this::verdict).toList())));
        return lines;
    }

    private String verdict(Pass pass) {
        return pass.sameResultsAs(passes.getFirst()) ? "equal" : "DIFFERENT";
    }

    private static List<String> concat(String first, List<String> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }

    private List<String> section(String title, Function<Pass.Step, String> cell, Function<Pass, String> total) {
        List<String> lines = new ArrayList<>();
        lines.add(title);
        lines.add(row("", passes.stream().map(Pass::name).toList()));
        List<Pass.Step> steps = passes.getFirst().steps();
        for (int index = 0; index < steps.size(); index++) {
            int step = index;
            lines.add(row(
                    steps.get(step).name(),
                    passes.stream()
                            .map(pass -> cell.apply(pass.steps().get(step)))
                            .toList()));
        }
        lines.add(row("all", passes.stream().map(total).toList()));
        return lines;
    }

    private static String row(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-" + NAME_WIDTH + "s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, "%" + COLUMN_WIDTH + "s", cell));
        }
        return line.toString();
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f", millis / MILLIS_PER_SECOND);
    }

    private static String megabytes(S3Counts counts) {
        long bytes = counts.objectBytesOut();
        return bytes == 0 ? "0" : String.format(Locale.ROOT, "%.2f MB", bytes / BYTES_PER_MEGABYTE);
    }

    private static String requests(S3Counts counts) {
        return Long.toString(counts.requests());
    }
}
