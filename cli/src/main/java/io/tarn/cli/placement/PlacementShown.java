package io.tarn.cli.placement;

import io.tarn.cli.output.Field;
import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which workers a path's data are to be on: what it says itself, else the nearest directory above it that says something, up to its mount point. Immutable. */
public record PlacementShown(
        @Nullable Said workers, @Nullable Said copies) {
    static final String WORKERS = "tarn.workers";
    static final String COPIES = "tarn.copies";

    /** A value, and the path that it is set on. */
    record Said(String value, String on) {}

    /** Asks the master for each directory above the file. */
    public static PlacementShown of(TarnClient client, FileInfo file) throws IOException {
        Said workers = null;
        Said copies = null;
        FileInfo at = file;
        while (true) {
            workers = workers == null ? said(at, WORKERS) : workers;
            copies = copies == null ? said(at, COPIES) : copies;
            boolean decided = workers != null && copies != null;
            if (decided || at.mountPoint() || at.path().equals("/")) {
                return new PlacementShown(workers, copies);
            }
            int slash = at.path().lastIndexOf('/');
            at = client.status(slash == 0 ? "/" : at.path().substring(0, slash));
        }
    }

    private static @Nullable Said said(FileInfo file, String attribute) {
        byte[] value = file.extendedAttributes().get(attribute);
        return value == null ? null : new Said(new String(value, StandardCharsets.UTF_8), file.path());
    }

    /** For a table; null where nothing is said. */
    public Field field() {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("workers", workers == null ? null : workers.value);
        value.put("workersSetOn", workers == null ? null : workers.on);
        value.put("copies", copies == null ? null : copies.value);
        value.put("copiesSetOn", copies == null ? null : copies.on);
        boolean nothing = workers == null && copies == null;
        return new Field("placement", nothing ? null : value, nothing ? "-" : text(""));
    }

    List<Field> fields() {
        return List.of(
                Field.of("workers", workers == null ? null : workers.value),
                Field.of("workersSetOn", workers == null ? null : workers.on),
                Field.of("copies", copies == null ? null : copies.value),
                Field.of("copiesSetOn", copies == null ? null : copies.on));
    }

    /** @param path which need not be named where it says so itself */
    String text(String path) {
        if (workers == null && copies == null) {
            return "any workers, as many copies as the cluster makes (master.copies)";
        }
        List<String> parts = Stream.of(part("on workers with ", workers, path), part("copies: ", copies, path))
                .filter(part -> !part.isEmpty())
                .toList();
        return String.join("; ", parts);
    }

    private static String part(String what, @Nullable Said said, String path) {
        if (said == null) {
            return "";
        }
        return what + said.value + (said.on.equals(path) ? "" : ", as " + said.on + " says");
    }
}
