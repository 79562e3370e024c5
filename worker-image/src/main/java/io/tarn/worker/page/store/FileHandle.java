package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageCondition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One use of a stored file. Thread-safe. */
final class FileHandle implements CachedFile {
    private final KnownFiles files;
    private final StoreParts parts;
    private final StoredFile file;
    private final PageWrites writes;
    private final FileVersion version;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileHandle(KnownFiles files, StoreParts parts, StoredFile file) {
        this.files = files;
        this.parts = parts;
        this.file = file;
        this.writes = new PageWrites(file, parts);
        this.version = file.version();
    }

    @Override
    public FileVersion version() {
        return version;
    }

    @Override
    public long lengthBytes() {
        return file.lengthBytes();
    }

    @Override
    public boolean hasPage(int page) {
        Segment segment = page < 0 ? null : file.knownSegment(page / file.segmentPages());
        return segment != null && segment.hasPage(page % file.segmentPages());
    }

    @Override
    public @Nullable PageLease lease(int page) throws TarnException {
        Segment segment = page < 0 ? null : file.knownSegment(page / file.segmentPages());
        return segment == null ? null : segment.lease(page % file.segmentPages());
    }

    @Override
    public @Nullable PageLease leaseNow(int page) {
        Segment segment = page < 0 ? null : file.knownSegment(page / file.segmentPages());
        return segment == null ? null : segment.leaseNow(page % file.segmentPages());
    }

    @Override
    public boolean store(int page, ByteBuffer content, int crc32c) throws TarnException {
        return writes.store(page, content, crc32c);
    }

    @Override
    public void storeLast(int page, ByteBuffer content, int crc32c) throws TarnException {
        writes.storeLast(page, content, crc32c);
    }

    @Override
    public void flushed(long bytes) throws TarnException {
        try {
            file.flushed(bytes);
        } catch (IOException e) {
            throw file.failure("flushing", e);
        }
    }

    @Override
    public void makeDurable() throws TarnException {
        try {
            file.makeDurable();
        } catch (IOException e) {
            throw file.failure("marking as durable", e);
        }
        if (!parts.placement().leaveMemory(file, parts)) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "no room for " + file.version()
                            + " on the disks of this worker, where durable files belong: add capacity"
                            + " (worker.tiers.ssd.capacity)");
        }
    }

    @Override
    public long sealFlushed() throws TarnException {
        try {
            return new FlushedEnd(file, parts).seal();
        } catch (IOException e) {
            throw file.failure("sealing", e);
        }
    }

    @Override
    public void seal(long lengthBytes) throws TarnException {
        try {
            file.seal(lengthBytes);
        } catch (IOException e) {
            throw file.failure("sealing", e);
        }
    }

    @Override
    public void becomePersisted(FileVersion persisted, long mountId) throws TarnException {
        files.becomePersisted(file, persisted, mountId);
    }

    @Override
    public void force() throws TarnException {
        try {
            file.force();
        } catch (IOException e) {
            throw file.failure("fsync", e);
        }
    }

    @Override
    public Map<String, Long> residency() {
        Map<String, Long> bytes = new TreeMap<>();
        for (Segment segment : file.segments()) {
            SegmentFile here = segment.current();
            if (here != null && segment.presentPages() > 0) {
                bytes.merge(here.directory().tier(), segment.presentBytes(), Long::sum);
            }
        }
        return bytes;
    }

    @Override
    public boolean fullyCached() {
        return file.lengthBytes() >= 0 && file.presentPages() == file.pages();
    }

    @Override
    public boolean pinned() {
        return file.isPinned();
    }

    @Override
    public void wantPromotion() {
        file.wantPromotion();
    }

    @Override
    public List<ExportedSegment> export() throws TarnException {
        return new Export(file, parts).run();
    }

    @Override
    public boolean dropUnlessUsed(int page) {
        Segment segment = file.knownSegment(page / file.segmentPages());
        return segment == null || segment.pages().dropUnlessUsed(page % file.segmentPages());
    }

    @Override
    public PageCondition check(int page) {
        Segment segment = page < 0 ? null : file.knownSegment(page / file.segmentPages());
        return segment == null ? PageCondition.ABSENT : segment.pages().scrub(page % file.segmentPages());
    }

    @Override
    public void scrub(boolean uncheckedOnly, PageVisitor visitor) {
        for (Segment segment : file.segments()) {
            if (!new SegmentScrub(segment, uncheckedOnly, visitor).run()) {
                return;
            }
        }
    }

    @Override
    public long segmentBytes() {
        return file.segmentBytes();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.handles().decrementAndGet();
            files.forgetIfUnused(file);
        }
    }
}
