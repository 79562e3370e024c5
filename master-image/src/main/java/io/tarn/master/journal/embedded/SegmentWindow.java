package io.tarn.master.journal.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a segment through a buffer, from front to back; what a too short file lacks reads as zeros. For one thread. */
final class SegmentWindow {
    private static final int WINDOW_BYTES = 1 << 20;

    private final LogFiles files;
    private final String name;
    private final ByteBuffer buffer = ByteBuffer.allocate(WINDOW_BYTES);
    private long start = -1;

    SegmentWindow(LogFiles files, String name) {
        this.files = files;
        this.name = name;
    }

    String name() {
        return name;
    }

    String location() {
        return files.location(name);
    }

    /** The bytes at a position; valid until the next call. {@code lengthBytes} is at most a frame. */
    ByteBuffer at(long position, int lengthBytes) throws IOException {
        if (start < 0 || position < start || position + lengthBytes > start + WINDOW_BYTES) {
            buffer.clear();
            files.read(name, buffer, position);
            while (buffer.hasRemaining()) {
                buffer.put((byte) 0);
            }
            start = position;
        }
        return buffer.slice((int) (position - start), lengthBytes);
    }

    /** Forgets what was read: the file has grown meanwhile. */
    void refresh() {
        start = -1;
    }
}
