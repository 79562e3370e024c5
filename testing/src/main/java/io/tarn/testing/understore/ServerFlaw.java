package io.tarn.testing.understore;

/** What a server gets wrong by itself, so that the contract does not blame the adapter for it. */
public enum ServerFlaw {
    /** Sorts characters beyond U+FFFF before U+E000, as Java's strings do. */
    SORTS_BY_UTF16,
    /** Refuses names near 255 bytes. */
    SHORT_NAMES
}
