package io.tarn.worker.page.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open channels of a segment file. */
record OpenPair(FileChannel data, FileChannel index) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPair.class);

    static OpenPair open(SegmentPaths paths) throws IOException {
        FileChannel data = FileChannel.open(paths.data(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return new OpenPair(
                    data, FileChannel.open(paths.index(), StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    boolean isOpen() {
        return data.isOpen() && index.isOpen();
    }

    void close() {
        try (FileChannel first = data;
                FileChannel second = index) {
            LOG.trace("closing {} and {}", first, second);
        } catch (IOException e) {
            LOG.warn("closing a segment's files", e);
        }
    }
}
