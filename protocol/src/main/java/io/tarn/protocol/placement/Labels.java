package io.tarn.protocol.placement;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Labels of workers, {@code key=value} as Kubernetes writes them, by which placement tells one worker from another. Stateless. */
public final class Labels {
    /** The label that names a worker's zone: workers of one zone may be lost together. */
    public static final String ZONE = "topology.kubernetes.io/zone";

    /** Of one worker. */
    public static final int MAX_LABELS = 32;

    private static final String NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
    private static final Pattern VALUE = Pattern.compile(NAME);
    private static final Pattern KEY = Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?" + NAME);

    private Labels() {}

    /**
     * Reads the labels of one worker.
     *
     * @param texts {@code key=value} each
     * @throws IllegalArgumentException for what is no label, a key that is there twice, and more than {@link #MAX_LABELS}; says which
     */
    public static Map<String, String> parse(List<String> texts) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("\"" + text + "\" is no label; write key=value, as in zone=a");
            }
            String key = text.substring(0, equals).strip();
            if (labels.put(
                            checkedKey(key),
                            checkedValue(text.substring(equals + 1).strip()))
                    != null) {
                throw new IllegalArgumentException("the label \"" + key + "\" is there twice");
            }
        }
        if (labels.size() > MAX_LABELS) {
            throw new IllegalArgumentException("there are " + labels.size() + " labels; at most " + MAX_LABELS);
        }
        return labels;
    }

    static String checkedKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("\"" + key
                    + "\" is no key of a label; it has 1 to 63 letters, digits, \"-\", \"_\" and \".\", with a"
                    + " letter or digit at both ends, and may follow the name of a domain and \"/\"");
        }
        return key;
    }

    static String checkedValue(String value) {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "\"" + value + "\" is no value of a label; it has 1 to 63 letters, digits, \"-\", \"_\" and \".\","
                            + " with a letter or digit at both ends");
        }
        return value;
    }
}
