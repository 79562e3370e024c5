package io.tarn.worker.fill;

import io.tarn.protocol.frame.FrameHeader;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how far ahead to fetch for the reads of one open file. Several readers may go through it side by side: each row of adjoining reads is a
 * stream of its own. For one thread at a time.
 */
final class AccessPattern {
    private static final int STREAMS = 4;
    private static final int FIRST_WINDOW_BYTES = 2 << 20;
    /** Adjoining reads before a row counts as a stream: random reads meet by chance now and then. */
    private static final int EVIDENCE = 2;

    private final long maxWindowBytes;
    private final @Nullable Stream[] streams = new Stream[STREAMS];
    private int next;

    AccessPattern(long maxWindowBytes) {
        this.maxWindowBytes = maxWindowBytes;
    }

    /**
     * Notes a read.
     *
     * @param flags SEQUENTIAL and RANDOM of {@link FrameHeader}
     * @return the stream that it belongs to, or null where nothing should be fetched ahead of it
     */
    @Nullable
    Stream read(long offset, long lengthBytes, int flags) {
        if ((flags & FrameHeader.RANDOM) != 0 || maxWindowBytes == 0) {
            return null;
        }
        boolean declared = (flags & FrameHeader.SEQUENTIAL) != 0;
        for (Stream stream : streams) {
            if (stream != null && stream.continuesWith(offset, lengthBytes)) {
                stream.advance(offset + lengthBytes, declared);
                return stream.windowBytes == 0 ? null : stream;
            }
        }
        Stream stream = new Stream(offset + lengthBytes);
        streams[next] = stream;
        next = (next + 1) % STREAMS;
        if (declared) {
            stream.advance(offset + lengthBytes, true);
            return stream;
        }
        return null;
    }

    /** A row of adjoining reads. */
    final class Stream {
        private long end;
        private int adjoining;
        private long windowBytes;
        private int requestedPage = -1;

        Stream(long end) {
            this.end = end;
        }

        private boolean continuesWith(long offset, long lengthBytes) {
            return offset <= end && offset + lengthBytes > end;
        }

        private void advance(long newEnd, boolean declared) {
            end = newEnd;
            adjoining++;
            if (declared || adjoining >= EVIDENCE) {
                windowBytes = Math.min(maxWindowBytes, windowBytes == 0 ? FIRST_WINDOW_BYTES : windowBytes * 2);
            }
        }

        long endBytes() {
            return end;
        }

        long windowBytes() {
            return windowBytes;
        }

        /** The last page that was asked for ahead of the reads; -1 for none. */
        int requestedPage() {
            return requestedPage;
        }

        void requestedUpTo(int page) {
            requestedPage = page;
        }
    }
}
