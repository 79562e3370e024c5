package io.tarn.client;

/** What a look at the under store found. */
public record SyncResult(long entriesSeen, long entriesChanged) {}
