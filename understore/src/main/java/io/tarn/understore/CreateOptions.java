package io.tarn.understore;

import org.jspecify.annotations.Nullable;

/**
 * Conditions and hints of a new file.
 *
 * @param onlyIfAbsent commit only where nothing is there
 * @param onlyIfVersion commit only where this version is there; null = any
 * @param attributes owner, group and mode for stores that keep them
 */
public record CreateOptions(boolean onlyIfAbsent, @Nullable String onlyIfVersion, StoreAttributes attributes) {
    public static final CreateOptions REPLACE = new CreateOptions(false, null, StoreAttributes.NONE);
}
