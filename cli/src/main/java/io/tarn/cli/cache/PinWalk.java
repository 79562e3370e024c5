package io.tarn.cli.cache;

import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.PinOutcome;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;

/** Tells the workers of the pins of all files at or below a path. Used once, by one thread. */
final class PinWalk {
    private final TarnClient client;
    private PinOutcome sum = PinOutcome.NOTHING;
    private long files;

    PinWalk(TarnClient client) {
        this.client = client;
    }

    void run(FileInfo top) throws IOException {
        if (!top.isDirectory()) {
            apply(top);
            return;
        }
        try (Listing listing = client.list(top.path(), ListOptions.RECURSIVE)) {
            while (listing.hasNext()) {
                apply(listing.next());
            }
        }
    }

    /** A file that has gone since it was listed needs no pin. */
    private void apply(FileInfo file) throws TarnException {
        if (file.type() != FileInfo.Type.FILE || !file.complete()) {
            return;
        }
        try {
            sum = sum.plus(client.applyPin(file.path()));
            files++;
        } catch (TarnException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    long files() {
        return files;
    }

    PinOutcome sum() {
        return sum;
    }
}
