package io.tarn.cli.machine;

import io.tarn.cli.output.Field;
import io.tarn.client.DataCheck;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the checks of files have found: sums, and the first 10,000 files with damage. For one thread. */
final class DataFindings {
    private static final int MAX_DAMAGED = 10_000;

    private final List<Damage> damaged = new ArrayList<>();
    private long files;
    private long pages;
    private long repairedPages;
    private long droppedPages;
    private long lostPages;

    /** A file with damaged pages. */
    record Damage(String path, DataCheck check) {
        List<Field> fields() {
            return List.of(
                    Field.of("checkedPages", check.checkedPages()),
                    Field.of("repairedPages", check.repairedPages()),
                    Field.of("droppedPages", check.droppedPages()),
                    Field.of("lostPages", check.lostPages()),
                    new Field("lostOffsets", check.lostOffsets(), offsets()),
                    Field.of("path", path));
        }

        private String offsets() {
            return check.lostOffsets().isEmpty()
                    ? "-"
                    : String.join(
                            ",",
                            check.lostOffsets().stream().map(String::valueOf).toList());
        }

        Map<String, Object> values() {
            Map<String, Object> values = new LinkedHashMap<>();
            fields().forEach(field -> values.put(field.name(), field.value()));
            return values;
        }
    }

    /** Checks what is cached of a file. */
    void check(TarnClient client, String path) throws IOException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            DataCheck check = reader.check();
            files++;
            pages += check.checkedPages();
            repairedPages += check.repairedPages();
            droppedPages += check.droppedPages();
            lostPages += check.lostPages();
            if (check.badPages() > 0 && damaged.size() < MAX_DAMAGED) {
                damaged.add(new Damage(path, check));
            }
        }
    }

    List<Damage> damaged() {
        return damaged;
    }

    long lostPages() {
        return lostPages;
    }

    long droppedPages() {
        return droppedPages;
    }

    List<Field> totals() {
        return List.of(
                Field.of("files", files),
                Field.of("checkedPages", pages),
                Field.of("repairedPages", repairedPages),
                Field.of("droppedPages", droppedPages),
                Field.of("lostPages", lostPages));
    }

    String sentence() {
        return "checked " + pages + " cached pages of " + files + " files: " + repairedPages + " repaired, "
                + droppedPages + " dropped, " + lostPages + " lost";
    }
}
