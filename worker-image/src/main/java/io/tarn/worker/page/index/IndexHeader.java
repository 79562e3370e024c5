package io.tarn.worker.page.index;

import io.tarn.protocol.id.FileVersion;

/**
 * What an index says about its segment.
 *
 * @param sequence counts the rewrites of this header: of two copies the higher one holds
 * @param generation counts the moves of the segment: of two files left by a crash the higher one holds
 * @param salt random, part of every entry's check
 * @param fileBytes length of the whole file, -1 while it is being written
 * @param flushedBytes of a file that is being written: what its writer was told to be held, as far as this segment knows
 * @param segmentNumber which segment of the file this is, from 0
 * @param segmentPages pages in every segment of this file but the last
 * @param persisted the under store holds this content too
 * @param exported a descriptor of the data file may have left the worker: it must never be punched
 * @param copying the file is the unfinished target of a move, to be thrown away after a crash
 * @param durable until the under store has it, the file belongs on a disk, where there is one
 */
public record IndexHeader(
        long sequence,
        long generation,
        long salt,
        FileVersion version,
        long fileBytes,
        long flushedBytes,
        int pageBytes,
        int segmentNumber,
        int segmentPages,
        boolean persisted,
        boolean exported,
        boolean copying,
        boolean durable) {

    /** Pages may be punched one by one: they can be fetched again, and nobody outside the worker can see the file. */
    public boolean isEvictableByPage() {
        return persisted && !exported;
    }

    public IndexHeader withFileBytes(long bytes) {
        return new IndexHeader(
                sequence + 1,
                generation,
                salt,
                version,
                bytes,
                flushedBytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                persisted,
                exported,
                copying,
                durable);
    }

    public IndexHeader withFlushedBytes(long bytes) {
        return new IndexHeader(
                sequence + 1,
                generation,
                salt,
                version,
                fileBytes,
                bytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                persisted,
                exported,
                copying,
                durable);
    }

    public IndexHeader asDurable() {
        return new IndexHeader(
                sequence + 1,
                generation,
                salt,
                version,
                fileBytes,
                flushedBytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                persisted,
                exported,
                copying,
                true);
    }

    public IndexHeader withExported() {
        return new IndexHeader(
                sequence + 1,
                generation,
                salt,
                version,
                fileBytes,
                flushedBytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                persisted,
                true,
                copying,
                durable);
    }

    /** The header of the file into which this one is being copied. */
    public IndexHeader asCopy() {
        return new IndexHeader(
                0,
                generation + 1,
                salt,
                version,
                fileBytes,
                flushedBytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                persisted,
                false,
                true,
                durable);
    }

    public IndexHeader copied() {
        return new IndexHeader(
                sequence + 1,
                generation,
                salt,
                version,
                fileBytes,
                flushedBytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                persisted,
                exported,
                false,
                durable);
    }

    public IndexHeader asPersisted(FileVersion persistedVersion) {
        return new IndexHeader(
                sequence + 1,
                generation,
                salt,
                persistedVersion,
                fileBytes,
                flushedBytes,
                pageBytes,
                segmentNumber,
                segmentPages,
                true,
                exported,
                copying,
                durable);
    }
}
