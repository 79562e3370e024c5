package io.tarn.runtime.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a setting as the type of its record component. Immutable. */
final class SettingType {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    private final Class<?> type;
    private final boolean list;

    private SettingType(Class<?> type, boolean list) {
        this.type = type;
        this.list = list;
    }

    /** @throws IllegalArgumentException where no setting can have this type: a mistake in the record, not in a file */
    static SettingType of(Type declared) {
        SettingType found;
        if (declared instanceof Class<?> plain) {
            found = new SettingType(plain, false);
        } else if (declared instanceof ParameterizedType generic
                && generic.getRawType() == List.class
                && generic.getActualTypeArguments()[0] instanceof Class<?> element) {
            found = new SettingType(element, true);
        } else {
            throw new IllegalArgumentException("no setting can be a " + declared);
        }
        if (found.kind().isEmpty()) {
            throw new IllegalArgumentException("no setting can be a " + declared);
        }
        return found;
    }

    /** @throws IllegalArgumentException whose message says what would be allowed */
    Object parse(String text) {
        if (!list) {
            return parseOne(text);
        }
        List<Object> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                values.add(parseOne(part.strip()));
            }
        }
        return List.copyOf(values);
    }

    /** Smallest and largest allowed values hold for each element of a list. */
    @SuppressWarnings("unchecked")
    boolean isWithin(Object value, String min, String max) {
        if (value instanceof List<?> values) {
            return values.stream().allMatch(element -> isWithin(element, min, max));
        }
        Comparable<Object> comparable = (Comparable<Object>) value;
        return (min.isEmpty() || comparable.compareTo(parseOne(min)) >= 0)
                && (max.isEmpty() || comparable.compareTo(parseOne(max)) <= 0);
    }

    /** As the reference names it, for instance "list of paths". */
    String name() {
        return list ? "list of " + kind() + (kind().endsWith("s") ? "" : "s") : kind();
    }

    /** What may be written, for instance "one of none, full"; "" where the name says it. */
    String allowed() {
        return type.isEnum() ? "one of " + String.join(", ", constants()) : "";
    }

    private Object parseOne(String text) {
        if (type == boolean.class) {
            return parseBoolean(text);
        } else if (type == int.class || type == Integer.class) {
            return (int) parseWhole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (type == long.class || type == Long.class) {
            return parseWhole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == Path.class) {
            return Path.of(text);
        } else if (type == Duration.class) {
            return parseDuration(text);
        } else if (type == DataSize.class) {
            return DataSize.parse(text);
        } else if (type.isEnum()) {
            return parseConstant(text);
        }
        return text;
    }

    private String kind() {
        if (type == boolean.class) {
            return "true or false";
        } else if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "whole number";
        } else if (type == Path.class) {
            return "path";
        } else if (type == Duration.class) {
            return "duration";
        } else if (type == DataSize.class) {
            return "data size";
        } else if (type == String.class) {
            return "text";
        }
        return type.isEnum() ? "choice" : "";
    }

    private static boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("write true or false");
        };
    }

    private static long parseWhole(String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("write a whole number", e);
        }
        throw new IllegalArgumentException("write a whole number from " + min + " to " + max);
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write a duration such as 200ms, 30s, 5m, 2h or 7d");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private Object parseConstant(String text) {
        for (Object constant : type.getEnumConstants()) {
            if (written(constant).equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return constant;
            }
        }
        throw new IllegalArgumentException("write " + allowed());
    }

    private List<String> constants() {
        return Arrays.stream(type.getEnumConstants()).map(SettingType::written).toList();
    }

    private static String written(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
