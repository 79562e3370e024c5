package io.tarn.protocol.path;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute, normalised path of the namespace: names of 1 to 255 bytes of UTF-8, 4,096 bytes in all, no NUL, no "." or "..".
 *
 * <p>Immutable. {@link #parse} is the only way in, so whoever holds one holds a valid one.
 */
public final class TarnPath implements Comparable<TarnPath> {
    public static final int MAX_NAME_BYTES = 255;
    public static final int MAX_PATH_BYTES = 4096;
    public static final TarnPath ROOT = new TarnPath("/", List.of());

    private final String text;
    private final List<String> names;

    private TarnPath(String text, List<String> names) {
        this.text = text;
        this.names = names;
    }

    /**
     * Parses an absolute path; repeated and trailing slashes are dropped.
     *
     * @throws TarnException INVALID_ARGUMENT or NAME_TOO_LONG
     */
    public static TarnPath parse(String text) throws TarnException {
        if (!text.startsWith("/")) {
            throw invalid("a path starts with \"/\": \"" + text + "\"");
        }
        List<String> names = new ArrayList<>();
        for (int start = 1; start <= text.length(); ) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            if (end > start) {
                names.add(checkName(text.substring(start, end)));
            }
            start = end + 1;
        }
        return of(names);
    }

    /** The child of this path with the given name. */
    public TarnPath child(String name) throws TarnException {
        List<String> longer = new ArrayList<>(names);
        longer.add(checkName(name));
        return of(longer);
    }

    /** Whether a name can stand in the namespace. */
    public static boolean isValidName(String name) {
        try {
            checkName(name);
            return true;
        } catch (TarnException e) {
            return false;
        }
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The names from the root on; empty for the root. */
    public List<String> names() {
        return names;
    }

    /** The last name; "" for the root. */
    public String name() {
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    /** The directory that holds this; the root is its own parent. */
    public TarnPath parent() {
        return names.isEmpty() ? this : ofValid(names.subList(0, names.size() - 1));
    }

    /** Whether this is {@code ancestor} or lies below it. */
    public boolean startsWith(TarnPath ancestor) {
        return names.size() >= ancestor.names.size()
                && names.subList(0, ancestor.names.size()).equals(ancestor.names);
    }

    /** The part below {@code ancestor}, without a leading slash; "" for itself. */
    public String relativeTo(TarnPath ancestor) {
        return String.join("/", names.subList(ancestor.names.size(), names.size()));
    }

    private static TarnPath of(List<String> names) throws TarnException {
        TarnPath path = ofValid(names);
        if (path.text.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new TarnException(
                    ErrorCode.NAME_TOO_LONG, "a path has at most " + MAX_PATH_BYTES + " bytes of UTF-8");
        }
        return path;
    }

    private static TarnPath ofValid(List<String> names) {
        return names.isEmpty() ? ROOT : new TarnPath("/" + String.join("/", names), List.copyOf(names));
    }

    private static String checkName(String name) throws TarnException {
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0) {
            throw invalid("not a name that a file can have: \"" + name + "\"");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    && i + 1 < name.length()
                    && Character.isLowSurrogate(name.charAt(i + 1));
            if (Character.isSurrogate(c) && !paired) {
                throw invalid("a name that is no valid Unicode");
            }
            i += paired ? 1 : 0;
        }
        if (name.length() > MAX_NAME_BYTES || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new TarnException(
                    ErrorCode.NAME_TOO_LONG,
                    "a name has at most " + MAX_NAME_BYTES + " bytes of UTF-8: \"" + name.substring(0, 40) + "...\"");
        }
        return name;
    }

    private static TarnException invalid(String message) {
        return new TarnException(ErrorCode.INVALID_ARGUMENT, message);
    }

    @Override
    public int compareTo(TarnPath other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TarnPath path && text.equals(path.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
