package io.tarn.client;

import java.util.List;

/**
 * What the check of a file's cached pages against their checksums has found. Immutable.
 *
 * @param checkedPages that the worker has; 0 where nothing is cached
 * @param repairedPages damaged, and fetched again from the under store
 * @param droppedPages damaged and dropped; the under store did not give them now, the next read asks it again
 * @param lostPages damaged, and nothing else has them: reading them gives CORRUPT
 * @param lostOffsets where in the file the first 100 lost pages begin
 */
public record DataCheck(
        long checkedPages, long repairedPages, long droppedPages, long lostPages, List<Long> lostOffsets) {
    public DataCheck {
        lostOffsets = List.copyOf(lostOffsets);
    }

    /** Pages that failed. */
    public long badPages() {
        return repairedPages + droppedPages + lostPages;
    }
}
