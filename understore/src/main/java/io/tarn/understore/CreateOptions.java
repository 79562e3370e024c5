package io.tarn.understore;

import org.jspecify.annotations.Nullable;

/**
 * Conditions and hints of a new file.
 *
 * @param onlyIfAbsent commit only where nothing is there
 * @param onlyIfVersion commit only where this version is there; null = any
 * @param attributes owner, group and mode for stores that keep them
 * @param inExistingDirectory the file's directory is not made where it is missing: a store with real directories fails with STORE_NOT_FOUND
 */
public record CreateOptions(
        boolean onlyIfAbsent, @Nullable String onlyIfVersion, StoreAttributes attributes, boolean inExistingDirectory) {
    public static final CreateOptions REPLACE = new CreateOptions(false, null, StoreAttributes.NONE);

    /** Parents are made where the store needs them. */
    public CreateOptions(boolean onlyIfAbsent, @Nullable String onlyIfVersion, StoreAttributes attributes) {
        this(onlyIfAbsent, onlyIfVersion, attributes, false);
    }
}
