package io.tarn.cli.output;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an array with an object a line, or one object. */
public final class JsonOutput implements Output {
    private final PrintStream out;

    public JsonOutput(PrintStream out) {
        this.out = out;
    }

    @Override
    public Rows rows() {
        out.print("[");
        return new Rows() {
            private boolean first = true;

            @Override
            public void add(List<Field> row) throws IOException {
                out.print((first ? "\n" : ",\n") + object(row));
                first = false;
                requireReader();
            }

            @Override
            public void close() throws IOException {
                out.println(first ? "]" : "\n]");
                requireReader();
            }
        };
    }

    @Override
    public void one(List<Field> fields) throws IOException {
        out.println(object(fields));
        requireReader();
    }

    @Override
    public void done(String sentence, List<Field> fields) throws IOException {
        one(fields);
    }

    private static String object(List<Field> fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.forEach(field -> values.put(field.name(), field.value()));
        return JsonText.of(values);
    }

    private void requireReader() throws IOException {
        if (out.checkError()) {
            throw new BrokenPipeException();
        }
    }
}
