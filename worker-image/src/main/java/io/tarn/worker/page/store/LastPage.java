package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The last page of a segment that is being written. For the one thread that writes the file. */
final class LastPage {
    private static final int ATTEMPTS = 16;

    private final Segment segment;
    private final StoreParts parts;

    LastPage(Segment segment, StoreParts parts) {
        this.segment = segment;
        this.parts = parts;
    }

    /** Makes a page that is present longer or shorter; its bytes are the same as far as both go. */
    void replace(int page, ByteBuffer content, int crc32c) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            SegmentFile here = segment.current();
            if (here == null) {
                break;
            }
            long more = Math.max(0, TierDirectory.charged(content.remaining()) - segment.chargedBytes(page));
            if (more == 0 || parts.placement().makeRoom(segment, here, more, parts)) {
                boolean replaced = false;
                try {
                    replaced = segment.pages().replaceLast(here, page, content, crc32c);
                } finally {
                    if (!replaced) {
                        here.directory().released(more);
                    }
                }
                if (replaced) {
                    return;
                }
            } else if (segment.current() == here) {
                break;
            }
        }
        throw new TarnException(
                ErrorCode.NO_SPACE,
                "no room for the last page of " + segment.file().version()
                        + ": wait until files have reached their under store, unpin or delete some, or add capacity"
                        + " (worker.tiers.*.capacity)");
    }
}
