package io.tarn.cli.output;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Writes aligned columns under titles; a single thing as a line for each field. */
public final class TableOutput implements Output {
    /** Rows looked at to choose the widths; later rows widen a column where they must. */
    private static final int ROWS_FOR_WIDTHS = 200;

    private final PrintStream out;

    public TableOutput(PrintStream out) {
        this.out = out;
    }

    @Override
    public Rows rows() {
        return new Table();
    }

    @Override
    public void one(List<Field> fields) throws IOException {
        int width =
                fields.stream().mapToInt(field -> field.title().length()).max().orElse(0);
        for (Field field : fields) {
            out.println(pad(field.title(), width, false) + "  " + field.text());
        }
        requireReader();
    }

    @Override
    public void done(String sentence, List<Field> fields) throws IOException {
        out.println(Printable.line(sentence));
        requireReader();
    }

    private final class Table implements Rows {
        private final List<List<Field>> held = new ArrayList<>();
        private int[] widths = {};
        private boolean started;

        @Override
        public void add(List<Field> row) throws IOException {
            widen(row);
            if (started) {
                print(row);
                requireReader();
                return;
            }
            held.add(row);
            if (held.size() == ROWS_FOR_WIDTHS) {
                start();
            }
        }

        @Override
        public void close() throws IOException {
            if (!started) {
                start();
            }
            requireReader();
        }

        private void start() {
            started = true;
            if (!held.isEmpty()) {
                List<Field> first = held.get(0);
                printLine(first, first.stream().map(Field::title).toList());
                held.forEach(this::print);
                held.clear();
            }
        }

        private void widen(List<Field> row) {
            if (widths.length < row.size()) {
                widths = new int[row.size()];
            }
            for (int i = 0; i < row.size(); i++) {
                int width =
                        Math.max(row.get(i).title().length(), row.get(i).text().length());
                widths[i] = Math.max(widths[i], width);
            }
        }

        private void print(List<Field> row) {
            printLine(row, row.stream().map(Field::text).toList());
        }

        private void printLine(List<Field> row, List<String> cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                boolean isNumber = row.get(i).value() instanceof Number;
                line.append(i == 0 ? "" : "  ").append(pad(cells.get(i), widths[i], isNumber));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String pad(String text, int width, boolean right) {
        String blanks = " ".repeat(Math.max(0, width - text.length()));
        return right ? blanks + text : text + blanks;
    }

    private void requireReader() throws IOException {
        if (out.checkError()) {
            throw new BrokenPipeException();
        }
    }
}
