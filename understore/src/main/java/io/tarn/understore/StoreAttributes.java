package io.tarn.understore;

import org.jspecify.annotations.Nullable;

/** Attributes to set; null leaves one as it is. */
public record StoreAttributes(
        @Nullable String owner,
        @Nullable String group,
        @Nullable Integer mode,
        @Nullable Long modifiedMillis) {
    public static final StoreAttributes NONE = new StoreAttributes(null, null, null, null);
}
