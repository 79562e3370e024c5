package io.tarn.runtime.log;

import java.util.Map;
import java.util.stream.Collectors;

/** The two shapes of a log line. */
final class LineFormats {
    private LineFormats() {}

    /** key=value pairs; a value that holds a space, a quote, "=" or a control character is quoted as in JSON. */
    static String pairs(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field ->
                        field.getKey() + "=" + (isPlain(field.getValue()) ? field.getValue() : quote(field.getValue())))
                .collect(Collectors.joining(" "));
    }

    /** A JSON object of strings. */
    static String json(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> quote(field.getKey()) + ":" + quote(field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 127);
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 127) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
