package io.tarn.master.journal.embedded;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One file of the journal. */
record Segment(long firstSequence, long sizeBytes) {
    private static final String PREFIX = "segment-";
    private static final String SUFFIX = ".log";

    String name() {
        return String.format(Locale.ROOT, "%s%020d%s", PREFIX, firstSequence, SUFFIX);
    }

    /** The sequence in a file name; null where the name is no segment's. */
    static @Nullable Long sequenceOf(String name) {
        if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return null;
        }
        String digits = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        return digits.matches("\\d{20}") ? Long.valueOf(digits) : null;
    }
}
