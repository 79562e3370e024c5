package io.tarn.runtime.config;

/** Words for the bounds of a setting. */
final class Bounds {
    private Bounds() {}

    static String of(Setting setting) {
        if (setting.min().isEmpty() && setting.max().isEmpty()) {
            return "";
        }
        if (setting.max().isEmpty()) {
            return "at least " + setting.min();
        }
        return setting.min().isEmpty() ? "at most " + setting.max() : setting.min() + " to " + setting.max();
    }
}
