package io.tarn.cli.output;

/** Keeps names from the outside from steering the terminal. */
public final class Printable {
    private Printable() {}

    /** The text with control characters written as escapes, so that it stays on its line. */
    public static String line(String text) {
        if (text.chars().noneMatch(Printable::isControl)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 8);
        text.chars().forEach(c -> {
            if (c == '\n') {
                safe.append("\\n");
            } else if (isControl(c)) {
                safe.append(String.format("\\x%02x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    private static boolean isControl(int c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0);
    }
}
