package io.tarn.worker.fill;

import io.tarn.protocol.frame.FrameHeader;
import io.tarn.worker.page.PageStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how far ahead to fetch for the reads of one open file. Several readers may go through it side by side: each row of adjoining reads is a
 * stream of its own. Who reads a file in ranges, here and there, is taken to read as much again after each jump as before it. For one thread at a time.
 */
final class AccessPattern {
    private static final int STREAMS = 4;
    private static final int FIRST_WINDOW_BYTES = 2 << 20;
    /** Adjoining reads before a row counts as a stream: random reads meet by chance now and then. */
    private static final int EVIDENCE = 2;
    /** Reads of whole pages hardly do: of these one that goes on exactly where the last one ended is enough. */
    private static final int LARGE_READ_BYTES = PageStore.PAGE_BYTES;
    /** The first window, in reads of the size seen. */
    private static final int FIRST_WINDOW_READS = 4;

    private final long maxWindowBytes;
    private final long maxJumpWindowBytes;
    private final @Nullable Stream[] streams = new Stream[STREAMS];
    private int next;
    private @Nullable Stream latest;

    /**
     * @param maxWindowBytes how far ahead of a stream at most; 0 = never
     * @param maxJumpWindowBytes how far ahead after a jump, before the new place has shown that it is read on
     */
    AccessPattern(long maxWindowBytes, long maxJumpWindowBytes) {
        this.maxWindowBytes = maxWindowBytes;
        this.maxJumpWindowBytes = Math.min(maxWindowBytes, maxJumpWindowBytes);
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
                stream.advance(offset, lengthBytes, declared);
                latest = stream;
                return stream.windowBytes == 0 ? null : stream;
            }
        }
        Stream stream = new Stream(offset, lengthBytes);
        if (declared) {
            stream.grow(lengthBytes);
        } else if (latest != null) {
            stream.windowBytes = Math.clamp(latest.expectedBytes() - lengthBytes, 0, maxJumpWindowBytes);
        }
        latest = stream;
        streams[next] = stream;
        next = (next + 1) % STREAMS;
        return stream.windowBytes == 0 ? null : stream;
    }

    /** A row of adjoining reads. */
    final class Stream {
        private final long start;
        private long end;
        private int adjoining;
        private long windowBytes;
        private int requestedPage = -1;

        Stream(long start, long lengthBytes) {
            this.start = start;
            this.end = start + lengthBytes;
        }

        private boolean continuesWith(long offset, long lengthBytes) {
            return offset <= end && offset + lengthBytes > end;
        }

        private void advance(long offset, long lengthBytes, boolean declared) {
            adjoining++;
            boolean large = lengthBytes >= LARGE_READ_BYTES && offset == end;
            end = offset + lengthBytes;
            if (declared || large || adjoining >= EVIDENCE) {
                grow(lengthBytes);
            }
        }

        private void grow(long lengthBytes) {
            long first = Math.max(FIRST_WINDOW_BYTES, FIRST_WINDOW_READS * lengthBytes);
            windowBytes = Math.min(maxWindowBytes, Math.max(first, windowBytes * 2));
        }

        /** How long a row after a jump from here will be: as long as this one, if this was a row. */
        private long expectedBytes() {
            return adjoining >= EVIDENCE ? end - start : 0;
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
