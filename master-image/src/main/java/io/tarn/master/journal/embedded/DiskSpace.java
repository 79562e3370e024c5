package io.tarn.master.journal.embedded;

import java.io.IOException;
import java.util.Locale;

/** Tells a full disk from other failures; Java has no exception of its own for it. Stateless. */
final class DiskSpace {
    private DiskSpace() {}

    static boolean isExhausted(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
