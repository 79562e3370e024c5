package io.tarn.client;

/** Counters of one client since its start. */
public record ClientFigures(
        long localBytes, long descriptorBytes, long remoteBytes, long writtenBytes, long requests, long retries) {}
