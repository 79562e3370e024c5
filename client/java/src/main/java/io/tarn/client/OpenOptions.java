package io.tarn.client;

/** @param pattern what the caller knows of its reads; AUTO lets Tarn find out */
public record OpenOptions(ReadType readType, AccessPattern pattern) {
    public static final OpenOptions DEFAULT = new OpenOptions(ReadType.CACHE_PROMOTE, AccessPattern.AUTO);

    /** How the file will be read. */
    public enum AccessPattern {
        AUTO,
        SEQUENTIAL,
        RANDOM
    }
}
