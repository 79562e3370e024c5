package io.tarn.worker.page;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A use of one file version in the page store, counted until closed. Safe for many threads. */
public interface CachedFile extends AutoCloseable {
    FileVersion version();

    /** -1 while being written. */
    long lengthBytes();

    boolean hasPage(int page);

    /**
     * A present page, kept from eviction and moves until the lease is closed, and counted as an access; or null where it is absent. After an
     * unclean start its CRC is checked first; a page that fails is dropped, counted, and null is returned (unpersisted: CORRUPT is thrown).
     */
    @Nullable
    PageLease lease(int page) throws TarnException;

    /**
     * As {@link #lease}, but never waits for a disk, so that an event loop may call it: null also where the page must be checked first, or lies in a
     * tier whose reads may wait for a device.
     */
    @Nullable
    PageLease leaseNow(int page);

    /**
     * Stores one whole page (the last page of the file may be shorter) and makes it visible to {@link #lease}. A page that is present stays as it is.
     *
     * @param content its bytes, position to limit; left unchanged
     * @param crc32c of these bytes
     * @return false where no room could be made for a page that can be fetched again
     * @throws TarnException NO_SPACE for unpersisted data without room; what the disk says otherwise
     */
    boolean store(int page, ByteBuffer content, int crc32c) throws TarnException;

    /**
     * Drops a page that can be fetched again, unless it was used again since it came, or since this was asked last.
     *
     * @return false where it was, or is in use
     */
    boolean dropUnlessUsed(int page);

    /**
     * As {@link #store} for the last page of a file that is being written: it may be there already with fewer of its bytes, which stay as they are.
     * One writer at a time, and no readers.
     */
    void storeLast(int page, ByteBuffer content, int crc32c) throws TarnException;

    /** The writer was told that so many bytes, which are in pages, are held: they outlast the process. */
    void flushed(long bytes) throws TarnException;

    /**
     * Keeps the file's pages on a disk, where there is one, until the under store has them; those in memory move.
     *
     * @throws TarnException NO_SPACE
     */
    void makeDurable() throws TarnException;

    /**
     * Ends a file that was being written at its last flushed byte, or before the first damaged page; what comes after is dropped. A file that has its
     * length keeps it.
     *
     * @return the length
     */
    long sealFlushed() throws TarnException;

    /** The final length of a file that was being written. */
    void seal(long lengthBytes) throws TarnException;

    /**
     * The under store holds this content now under {@code persisted}: its pages serve that version from now on, and can be evicted. This object goes on
     * to serve readers of the old one.
     *
     * @param mountId the mount of the under store
     */
    void becomePersisted(FileVersion persisted, long mountId) throws TarnException;

    /** Makes the pages durable on their medium (fsync of data and index). */
    void force() throws TarnException;

    /** Present bytes by tier name. */
    Map<String, Long> residency();

    boolean fullyCached();

    /** Whether its pages are kept from eviction by the user's wish. */
    boolean pinned();

    /** Moves towards the top tier are asked for (CACHE_PROMOTE); the page store decides by heat, and does it in the background. */
    void wantPromotion();

    /**
     * Marks the file, which must be fully cached, as exported, durably, after checking every page that was not checked since the last start. From then
     * on it is only unlinked whole.
     *
     * @return the segments in order; each channel is open for reading only, through the read-only view of the tier where there is one. Close them.
     * @throws TarnException UNSUPPORTED where this worker hands out no descriptors, NOT_FOUND where a page is absent, CORRUPT
     */
    List<ExportedSegment> export() throws TarnException;

    /** Compares a page with its checksum, as {@link #scrub} does; it is no access. */
    PageCondition check(int page);

    /**
     * Compares present pages with their checksums, those too that were checked before; this is no access. A bad page is dropped where it can be fetched
     * again; what exists nowhere else is kept, and CORRUPT to readers from then on. Reads the disk as fast as {@code visitor} returns.
     *
     * @param uncheckedOnly only pages that nobody has checked since an unclean start
     */
    void scrub(boolean uncheckedOnly, PageVisitor visitor);

    /** Bytes of one segment; equal to the file's length where it is not split. */
    long segmentBytes();

    @Override
    void close();

    /**
     * A page in its sparse file. Safe for many threads.
     *
     * @see #channel its {@code position} to {@code position + length} are the page's bytes
     */
    interface PageLease extends AutoCloseable {
        FileChannel channel();

        long position();

        int length();

        int crc32c();

        /** Where the page lies: "MEM" or "SSD". */
        String tier();

        /** Reads {@code into.remaining()} bytes from {@code offsetInPage} on. */
        void read(int offsetInPage, ByteBuffer into) throws TarnException;

        @Override
        void close();
    }

    /** Takes what became of each page, in no particular order. */
    interface PageVisitor {
        /** @return false to stop */
        boolean checked(int page, int lengthBytes, PageCondition condition);
    }

    /** A whole segment that may leave the worker as a descriptor. */
    interface ExportedSegment extends AutoCloseable {
        /** The path through which to open it, for reading only. */
        java.nio.file.Path path();

        @Override
        void close();
    }
}
