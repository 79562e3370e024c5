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
 * @param mountId the mount whose under store has the content; 0 = none, or not known
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
        long mountId,
        boolean persisted,
        boolean exported,
        boolean copying,
        boolean durable) {

    /** Pages may be punched one by one: they can be fetched again, and nobody outside the worker can see the file. */
    public boolean isEvictableByPage() {
        return persisted && !exported;
    }

    public IndexHeader withFileBytes(long bytes) {
        Copy copy = new Copy(this);
        copy.fileBytes = bytes;
        return copy.toHeader();
    }

    public IndexHeader withFlushedBytes(long bytes) {
        Copy copy = new Copy(this);
        copy.flushedBytes = bytes;
        return copy.toHeader();
    }

    public IndexHeader asDurable() {
        Copy copy = new Copy(this);
        copy.durable = true;
        return copy.toHeader();
    }

    public IndexHeader withExported() {
        Copy copy = new Copy(this);
        copy.exported = true;
        return copy.toHeader();
    }

    /** The header of the file into which this one is being copied. */
    public IndexHeader asCopy() {
        Copy copy = new Copy(this);
        copy.sequence = 0;
        copy.generation = generation + 1;
        copy.exported = false;
        copy.copying = true;
        return copy.toHeader();
    }

    public IndexHeader copied() {
        Copy copy = new Copy(this);
        copy.copying = false;
        return copy.toHeader();
    }

    public IndexHeader asPersisted(FileVersion persistedVersion, long storesMountId) {
        Copy copy = new Copy(this);
        copy.version = persistedVersion;
        copy.mountId = storesMountId;
        copy.persisted = true;
        return copy.toHeader();
    }

    /** All of a header, in its next rewrite, to change a part of it. For one thread. */
    private static final class Copy {
        private final IndexHeader from;
        private long sequence;
        private long generation;
        private FileVersion version;
        private long fileBytes;
        private long flushedBytes;
        private long mountId;
        private boolean persisted;
        private boolean exported;
        private boolean copying;
        private boolean durable;

        Copy(IndexHeader from) {
            this.from = from;
            sequence = from.sequence + 1;
            generation = from.generation;
            version = from.version;
            fileBytes = from.fileBytes;
            flushedBytes = from.flushedBytes;
            mountId = from.mountId;
            persisted = from.persisted;
            exported = from.exported;
            copying = from.copying;
            durable = from.durable;
        }

        IndexHeader toHeader() {
            return new IndexHeader(
                    sequence,
                    generation,
                    from.salt,
                    version,
                    fileBytes,
                    flushedBytes,
                    from.pageBytes,
                    from.segmentNumber,
                    from.segmentPages,
                    mountId,
                    persisted,
                    exported,
                    copying,
                    durable);
        }
    }
}
