package io.tarn.client;

/**
 * How far the files and directories below a path are on their way into the under store.
 *
 * @param waiting those that are not there yet
 * @param failing those among them whose last try failed; they are tried again, with growing pauses
 * @param firstFailure why the first of them failed; "" where none did
 */
public record PersistProgress(long waiting, long failing, String firstFailure) {}
