package io.tarn.worker.page.store;

import io.tarn.worker.os.NativeFile;
import io.tarn.worker.page.eviction.CacheShare;
import io.tarn.worker.page.eviction.S3Fifo;
import io.tarn.worker.page.index.IndexFormat;
import io.tarn.worker.page.index.IndexHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One segment's bytes in one tier directory: a sparse data file, its index file, and the state of its pages in memory.
 *
 * <p>Who reads or writes is counted as a user between {@link #enter} and {@link #leave}. A retired file (moved, deleted) is unlinked at once and gives
 * its channels and its space back when the last user leaves. Thread-safe; changes of pages and header are serialised by the owning {@code Segment}.
 */
final class SegmentFile {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);
    private static final int CLOSING = -1;
    private static final int GONE = -2;

    private final Segment segment;
    private final TierDirectory directory;
    private final OpenFiles openFiles;
    private final AheadReservation ahead;
    private final PageTable pages;
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicInteger pathHolds = new AtomicInteger();
    private final AtomicLong allocatedBytes = new AtomicLong();
    private volatile long id;
    private volatile boolean pinned;
    private volatile CacheShare share;
    private volatile SegmentPaths paths;
    private volatile IndexHeader header;
    private volatile @Nullable OpenPair open;
    private volatile boolean retired;

    /** Of an exported file that was unlinked: tells when the last user is gone. */
    private volatile @Nullable NativeFile lingering;

    SegmentFile(long id, Segment segment, TierDirectory directory, OpenFiles openFiles, IndexHeader header) {
        this.id = id;
        this.segment = segment;
        this.directory = directory;
        this.openFiles = openFiles;
        this.ahead = new AheadReservation(directory);
        this.share = segment.file().share();
        this.header = header;
        this.paths = SegmentPaths.of(directory.path(), header.version(), header.segmentNumber());
        this.pages = new PageTable(header.segmentPages());
    }

    /** By which the eviction queues refer to it. */
    long id() {
        return id;
    }

    void renewId(long newId) {
        id = newId;
    }

    /** Whether the eviction queues hold its pages. */
    boolean isEvictableByPage() {
        return header.isEvictableByPage() && !pinned;
    }

    boolean isPinned() {
        return pinned;
    }

    /** Where its pages stand while they can be evicted one by one. */
    S3Fifo queues() {
        return directory.queues().of(share);
    }

    CacheShare share() {
        return share;
    }

    /** As {@link #setPinned}, while its pages are in no queues. */
    void setShare(CacheShare newShare) {
        share.add(-allocatedBytes());
        share = newShare;
        newShare.add(allocatedBytes());
    }

    /** Only with the segment's write lock held, or before the segment is visible to other threads. */
    void setPinned(boolean newPinned) {
        if (newPinned != pinned) {
            pinned = newPinned;
            directory.pinnedBytes().addAndGet(newPinned ? allocatedBytes() : -allocatedBytes());
        }
    }

    Segment segment() {
        return segment;
    }

    TierDirectory directory() {
        return directory;
    }

    PageTable pages() {
        return pages;
    }

    IndexHeader header() {
        return header;
    }

    SegmentPaths paths() {
        return paths;
    }

    /** Bytes of this file's pages and index that are counted as used in the directory. */
    long allocatedBytes() {
        return allocatedBytes.get();
    }

    /** What the index file is charged. */
    long indexChargedBytes() {
        return TierDirectory.charged(IndexFormat.entryOffset(header.segmentPages()));
    }

    void addAllocated(long bytes) {
        allocatedBytes.addAndGet(bytes);
        share.add(bytes);
        if (pinned) {
            directory.pinnedBytes().addAndGet(bytes);
        }
    }

    /** Keeps new segments from room that this one is about to fill. */
    void reserveAhead(long bytes) {
        ahead.reserve(bytes);
    }

    void usedReservation(long bytes) {
        ahead.used(bytes);
    }

    void ageReservation() {
        ahead.age();
    }

    /**
     * Makes both files, empty. A file that was deleted a moment ago unlinks its index first and its data last, so that whoever can make the data has the
     * names for itself.
     *
     * @return false where the data is there already: another file is about to leave this name
     */
    boolean create() throws IOException {
        Files.createDirectories(paths.data().getParent());
        try {
            FileChannel.open(paths.data(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .close();
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} is still there", paths.data(), e);
            return false;
        }
        try (FileChannel index = FileChannel.open(
                paths.index(),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            writeHeader(index, header, false);
        }
        return true;
    }

    /** Gives the space of a file back that was never made. */
    void abandon() {
        leaveAccounts();
        finish();
    }

    /** Counts a user and opens the channels where needed; false where the file is retired: look for its successor. Call {@link #leave} once. */
    boolean enter() throws IOException {
        while (true) {
            int count = users.get();
            if (count == GONE) {
                return false;
            }
            if (count == CLOSING) {
                Thread.onSpinWait();
            } else if (users.compareAndSet(count, count + 1)) {
                return open != null || openOrLeave();
            }
        }
    }

    void leave() {
        if (users.decrementAndGet() == 0 && retired) {
            finish();
        }
    }

    /** The data channel; only between {@link #enter} and {@link #leave}. */
    FileChannel channel() {
        return openPair().data();
    }

    void read(long position, ByteBuffer into) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            try {
                int count = channel().read(into, position + into.position() - start);
                if (count < 0) {
                    throw new EOFException(paths.data() + " ends before " + (position + into.limit() - start));
                }
            } catch (ClosedChannelException e) {
                reopen(e);
            }
        }
    }

    void write(long position, ByteBuffer from) throws IOException {
        ByteBuffer bytes = from.duplicate();
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            try {
                int count = channel().write(bytes, position + bytes.position() - start);
                if (count <= 0) {
                    throw new IOException("no progress writing " + paths.data());
                }
            } catch (ClosedChannelException e) {
                reopen(e);
            }
        }
    }

    /** Writes an entry; 0 clears it. */
    void writeEntry(int page, long entry) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(IndexFormat.ENTRY_BYTES).order(ByteOrder.BIG_ENDIAN);
        bytes.putLong(0, entry);
        while (bytes.hasRemaining()) {
            try {
                openPair().index().write(bytes, IndexFormat.entryOffset(page) + bytes.position());
            } catch (ClosedChannelException e) {
                reopen(e);
            }
        }
    }

    /** Replaces the header on disk and in memory. @param durable also fsync it */
    void rewriteHeader(IndexHeader next, boolean durable) throws IOException {
        try (FileChannel index = FileChannel.open(paths.index(), StandardOpenOption.WRITE)) {
            writeHeader(index, next, durable);
        }
        header = next;
    }

    void punchHole(long position, long lengthBytes) throws IOException {
        try (NativeFile file = NativeFile.openForWriting(paths.data())) {
            file.punchHole(position, lengthBytes);
        }
    }

    /** Renames both files to the name of the header's version; the header was rewritten before, so that a crash in between can be finished. */
    void renameToHeader() throws IOException {
        SegmentPaths next = SegmentPaths.of(directory.path(), header.version(), header.segmentNumber());
        if (next.equals(paths)) {
            return;
        }
        Files.createDirectories(next.data().getParent());
        Files.move(paths.data(), next.data(), StandardCopyOption.ATOMIC_MOVE);
        Files.move(paths.index(), next.index(), StandardCopyOption.ATOMIC_MOVE);
        paths = next;
    }

    void force() throws IOException {
        channel().force(true);
        openPair().index().force(true);
    }

    /** Unlinks both files and lets the space go with the last user. The index goes first: data without an index is garbage, never the reverse. */
    void retire() {
        ahead.cancel();
        if (header.exported()) {
            lingering = openLingering();
        }
        leaveAccounts();
        try {
            Files.deleteIfExists(paths.index());
            Files.deleteIfExists(paths.data());
        } catch (IOException e) {
            directory.failed("unlinking " + paths.data(), e);
        }
        finish();
    }

    private void leaveAccounts() {
        setPinned(false);
        share.add(-allocatedBytes());
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    /** Whether the path may go: nobody was told it a moment ago who has yet to open it. */
    boolean canLeave() {
        return pathHolds.get() == 0;
    }

    AtomicInteger pathHolds() {
        return pathHolds;
    }

    /** Closes the channels unless someone uses them. @return whether they are closed now */
    boolean closeIfIdle() {
        if (!users.compareAndSet(0, CLOSING)) {
            return users.get() == GONE;
        }
        closeOpen();
        users.set(0);
        if (retired) {
            finish();
        }
        return true;
    }

    private void finish() {
        if (users.compareAndSet(0, GONE)) {
            closeOpen();
            NativeFile ours = lingering;
            if (ours == null) {
                directory.released(allocatedBytes.getAndSet(0));
            } else {
                directory.exportedSpace().add(ours, directory, allocatedBytes.getAndSet(0));
            }
        }
    }

    private @Nullable NativeFile openLingering() {
        try {
            return NativeFile.openForReading(paths.data());
        } catch (IOException e) {
            directory.failed("opening an exported file", e);
            return null;
        }
    }

    private void closeOpen() {
        OpenPair pair = open;
        open = null;
        if (pair != null) {
            pair.close();
            openFiles.closed();
        }
    }

    private OpenPair openPair() {
        OpenPair pair = open;
        if (pair == null) {
            throw new IllegalStateException("not entered: " + paths.data());
        }
        return pair;
    }

    private boolean openOrLeave() throws IOException {
        try {
            openNow();
            openFiles.trim();
            return true;
        } catch (NoSuchFileException e) {
            leave();
            if (retired) {
                return false;
            }
            throw e;
        } catch (IOException | RuntimeException e) {
            leave();
            throw e;
        }
    }

    private synchronized void openNow() throws IOException {
        if (open == null) {
            open = OpenPair.open(paths);
            openFiles.opened(this);
        }
    }

    /** An interrupted thread closes the channel that all share: the others open it again. */
    private void reopen(ClosedChannelException cause) throws IOException {
        if (cause instanceof ClosedByInterruptException
                || Thread.currentThread().isInterrupted()) {
            throw cause;
        }
        synchronized (this) {
            OpenPair pair = openPair();
            if (!pair.isOpen()) {
                pair.close();
                open = OpenPair.open(paths);
            }
        }
    }

    private static void writeHeader(FileChannel index, IndexHeader header, boolean durable) throws IOException {
        ByteBuffer bytes = IndexFormat.write(header);
        index.write(bytes.duplicate(), 0);
        if (durable) {
            index.force(true);
        }
        index.write(bytes.duplicate(), IndexFormat.SECOND_HEADER_OFFSET);
        if (durable) {
            index.force(true);
        }
    }
}
