package io.tarn.worker.page.store;

import java.io.IOException;
import java.util.Locale;

/** Tells the error of a full disk from others, by the system's words: the JDK passes no error numbers on. */
final class DiskFull {
    private DiskFull() {}

    static boolean isCause(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
