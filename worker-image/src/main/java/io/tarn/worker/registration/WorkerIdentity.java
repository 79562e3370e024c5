package io.tarn.worker.registration;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The worker's id: random, made at the first start, kept in its directory. */
public final class WorkerIdentity {
    private static final String FILE = "worker-id";

    private WorkerIdentity() {}

    /** @throws TarnException INVALID_ARGUMENT where the directory cannot be used, or the file in it holds no id */
    public static long load(Path directory) throws TarnException {
        KeptLine line = new KeptLine(directory.resolve(FILE));
        String kept = line.read();
        if (kept != null) {
            return parse(line.file(), kept);
        }
        long id = new SecureRandom().nextLong() & Long.MAX_VALUE | 1;
        line.write(String.format("%016x", id));
        return id;
    }

    private static long parse(Path file, String text) throws TarnException {
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    file + " holds no worker id; delete it, and the worker registers as a new one",
                    e);
        }
    }
}
