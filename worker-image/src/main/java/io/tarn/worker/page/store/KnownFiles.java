package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The files in memory, by version. A file is made when it is first used, and forgotten when it has neither pages nor users. Thread-safe. */
final class KnownFiles {
    /** A file longer than this share of the smallest directory is split. */
    private static final int SEGMENT_SHARE = 4;

    private static final int MAX_SEGMENT_PAGES = 1 << 24;

    private final ConcurrentHashMap<FileVersion, StoredFile> files = new ConcurrentHashMap<>();
    private final AtomicLong nextFileId = new AtomicLong(1);
    private final StoreParts parts;
    private final int maxFiles;

    KnownFiles(StoreParts parts, int maxFiles) {
        this.parts = parts;
        this.maxFiles = maxFiles;
    }

    @Nullable
    StoredFile get(FileVersion version) {
        return files.get(version);
    }

    /** The file, counted as used by one handle more; null where it is not known. */
    @Nullable
    StoredFile use(FileVersion version) {
        return files.computeIfPresent(version, (key, known) -> {
            known.handles().incrementAndGet();
            return known;
        });
    }

    /**
     * The same, and it is made where it is not known.
     *
     * @throws TarnException NO_SPACE where that would be one file too many
     */
    StoredFile useOrMake(FileVersion version, long lengthBytes, boolean persisted) throws TarnException {
        if (files.size() >= maxFiles && !files.containsKey(version)) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "this worker holds " + files.size()
                            + " files, the bound set by worker.tiers.max-files: raise it, or free some");
        }
        return files.compute(version, (key, known) -> {
            StoredFile used = known == null ? newFile(version, lengthBytes, persisted) : known;
            used.handles().incrementAndGet();
            return used;
        });
    }

    /** Before the store is used: the file of a segment that was found. */
    StoredFile recovered(IndexHeader header) {
        return files.computeIfAbsent(header.version(), version -> {
            StoredFile file = new StoredFile(
                    nextFileId.getAndIncrement(),
                    this,
                    parts,
                    version,
                    header.fileBytes(),
                    header.persisted(),
                    header.segmentPages());
            file.setPinned(parts.pinning().isWanted(version));
            return file;
        });
    }

    Collection<StoredFile> all() {
        return Collections.unmodifiableCollection(files.values());
    }

    Set<FileVersion> versions() {
        return Collections.unmodifiableSet(files.keySet());
    }

    int size() {
        return files.size();
    }

    void delete(FileVersion version) {
        StoredFile file = files.remove(version);
        if (file != null) {
            file.delete();
        }
    }

    /** The new version leads here before any file has its name, so that nobody else makes files of that name. */
    void becomePersisted(StoredFile file, FileVersion persisted, long mountId) throws TarnException {
        FileVersion old = file.version();
        StoredFile known = files.put(persisted, file);
        if (known != null && known != file) {
            known.delete();
        }
        try {
            file.becomePersisted(persisted, mountId);
        } catch (IOException e) {
            throw file.failure("renaming to " + persisted, e);
        }
        if (!persisted.equals(old)) {
            files.remove(old, file);
        }
        parts.placement().keepLimit(file, 0);
    }

    /** Forgets a file without pages that nobody has open, with the empty segments that it may still have. */
    void forgetIfUnused(StoredFile file) {
        StoredFile left = files.computeIfPresent(
                file.version(),
                (key, known) -> known == file && file.handles().get() == 0 && file.presentPages() == 0 ? null : known);
        if (left == null) {
            file.delete();
        }
    }

    private StoredFile newFile(FileVersion version, long lengthBytes, boolean persisted) {
        long quarter = parts.placement().directories().stream()
                        .mapToLong(TierDirectory::capacityBytes)
                        .min()
                        .orElseThrow()
                / SEGMENT_SHARE
                / PageStore.PAGE_BYTES;
        long pages = lengthBytes < 0 ? Long.MAX_VALUE : (lengthBytes + PageStore.PAGE_BYTES - 1) / PageStore.PAGE_BYTES;
        int segmentPages = (int) Math.clamp(Math.min(pages, quarter), 1, MAX_SEGMENT_PAGES);
        StoredFile file = new StoredFile(
                nextFileId.getAndIncrement(), this, parts, version, lengthBytes, persisted, segmentPages);
        if (parts.pinning().isWanted(version)) {
            parts.pinning().pin(file);
        }
        return file;
    }
}
