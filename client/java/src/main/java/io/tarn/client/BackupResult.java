package io.tarn.client;

/**
 * What a backup holds.
 *
 * @param sequence everything up to this batch of the journal is in it
 */
public record BackupResult(
        String clusterId, long epoch, long sequence, long createdMillis, long entries, long lengthBytes) {}
