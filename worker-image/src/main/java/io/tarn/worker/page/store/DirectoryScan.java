package io.tarn.worker.page.store;

import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.index.IndexFormat;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the indexes of one tier directory at the start, many at a time, and puts right what a crash left: unfinished copies go, interrupted renames are
 * finished, data without an index goes.
 */
final class DirectoryScan {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryScan.class);
    private static final long MAX_INDEX_BYTES = IndexFormat.entryOffset(1 << 24);

    private final TierDirectory directory;
    private final PageStoreMetrics metrics;

    DirectoryScan(TierDirectory directory, PageStoreMetrics metrics) {
        this.directory = directory;
        this.metrics = metrics;
    }

    List<FoundSegment> run() {
        Map<Path, FoundSegment> found = new ConcurrentHashMap<>();
        folders().forEach(folder -> readIndexes(folder, found));
        folders().forEach(this::deleteOrphans);
        return List.copyOf(found.values());
    }

    private Stream<Path> folders() {
        return IntStream.range(0, 256)
                .parallel()
                .mapToObj(number -> directory.path().resolve(SegmentPaths.hex(number)));
    }

    /** A rename that is finished here may put an index into a folder that is yet to be read: one path counts once. */
    private void readIndexes(Path folder, Map<Path, FoundSegment> found) {
        try {
            for (Path index : list(folder, "*" + SegmentPaths.INDEX)) {
                FoundSegment segment = readSegment(index);
                if (segment == null) {
                    Files.deleteIfExists(index);
                } else {
                    found.put(pathsOf(segment.header()).index(), segment);
                }
            }
        } catch (IOException e) {
            directory.failed("scanning " + folder, e);
        }
    }

    private void deleteOrphans(Path folder) {
        try {
            for (Path data : list(folder, "*" + SegmentPaths.DATA)) {
                if (!Files.exists(indexOf(data))) {
                    Files.deleteIfExists(data);
                }
            }
        } catch (IOException e) {
            directory.failed("scanning " + folder, e);
        }
    }

    private static List<Path> list(Path folder, String pattern) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            List<Path> paths = new ArrayList<>();
            stream.forEach(paths::add);
            return paths;
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.trace("nothing in {}", folder, e);
            return List.of();
        }
    }

    private @Nullable FoundSegment readSegment(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(index));
        if (bytes.limit() < IndexFormat.HEADER_BYTES) {
            LOG.info("{} was being made when the process ended; it has no pages", index);
            return null;
        }
        IndexHeader header = IndexFormat.read(bytes);
        if (header == null || header.pageBytes() != PageStore.PAGE_BYTES || header.segmentPages() <= 0) {
            metrics.corruptPage();
            LOG.error("{} has no valid header; its pages are dropped: check the disk of this node", index);
            return null;
        }
        if (header.copying() || !finishRename(index, header)) {
            return null;
        }
        long[] entries = new long
                [Math.clamp(
                        (bytes.limit() - IndexFormat.ENTRIES_OFFSET) / IndexFormat.ENTRY_BYTES,
                        0,
                        header.segmentPages())];
        for (int page = 0; page < entries.length; page++) {
            entries[page] = bytes.getLong((int) IndexFormat.entryOffset(page));
        }
        long modified = Files.getLastModifiedTime(pathsOf(header).index()).toMillis();
        return new FoundSegment(directory, header, entries, modified);
    }

    /** @return false where there is no data, or the version has another file already */
    private boolean finishRename(Path index, IndexHeader header) throws IOException {
        SegmentPaths named = pathsOf(header);
        Path data = dataOf(index);
        if (named.index().equals(index)) {
            return Files.exists(data);
        }
        if (Files.exists(named.index())) {
            return false;
        }
        Files.createDirectories(named.data().getParent());
        if (Files.exists(data)) {
            Files.move(data, named.data(), StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Files.exists(named.data())) {
            return false;
        }
        Files.move(index, named.index(), StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private SegmentPaths pathsOf(IndexHeader header) {
        return SegmentPaths.of(directory.path(), header.version(), header.segmentNumber());
    }

    private static Path dataOf(Path index) {
        return sibling(index, SegmentPaths.INDEX, SegmentPaths.DATA);
    }

    private static Path indexOf(Path data) {
        return sibling(data, SegmentPaths.DATA, SegmentPaths.INDEX);
    }

    private static Path sibling(Path path, String suffix, String other) {
        String name = String.valueOf(path.getFileName());
        return path.resolveSibling(name.substring(0, name.length() - suffix.length()) + other);
    }
}
