package io.tarn.client;

/**
 * Counters of one client since its start.
 *
 * @param hedges reads for which a second worker was asked, since the first was silent for too long
 * @param hedgesWon those that the second worker answered first
 */
public record ClientFigures(
        long localBytes,
        long descriptorBytes,
        long remoteBytes,
        long writtenBytes,
        long requests,
        long retries,
        long hedges,
        long hedgesWon) {}
