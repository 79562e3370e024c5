package io.tarn.client;

/**
 * How much may be below a directory, and how much is. Only what the namespace itself owns counts, not what is in an under store.
 *
 * @param maxInodes files, directories and links; {@link #NONE}: no limit
 * @param maxBytes {@link #NONE}: no limit
 * @param usedInodes {@link #NONE}: not known, since no quota is set anywhere
 * @param usedBytes {@link #NONE}: not known
 */
public record QuotaInfo(String path, long maxInodes, long maxBytes, long usedInodes, long usedBytes) {
    public static final long NONE = -1;

    public boolean isLimited() {
        return maxInodes != NONE || maxBytes != NONE;
    }
}
