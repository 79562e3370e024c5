package io.tarn.master.state.rocks;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a failure of RocksDB means, and remembers damage across restarts: a damaged block shows only when it is read, so the next start must not trust
 * the directory although it opens. Thread-safe.
 */
final class RocksFailures {
    private static final Logger LOG = LoggerFactory.getLogger(RocksFailures.class);
    private static final String DAMAGED_MARK = "DAMAGED";

    private final Path directory;

    RocksFailures(Path directory) {
        this.directory = directory;
    }

    /** @throws TarnException NO_SPACE where the disk has less room */
    void requireRoom(long neededBytes) throws TarnException {
        try {
            long freeBytes = Files.getFileStore(directory).getUsableSpace();
            if (freeBytes < neededBytes) {
                throw new TarnException(
                        ErrorCode.NO_SPACE,
                        "no space to flush the state in " + directory + ": it may need " + neededBytes
                                + " bytes and the disk has " + freeBytes
                                + "; free some. Nothing is lost meanwhile, the journal has it");
            }
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "cannot look at the disk of " + directory + ": check it (" + e + ")", e);
        }
    }

    boolean isMarked() {
        return Files.exists(directory.resolve(DAMAGED_MARK));
    }

    /** The damage is gone. */
    void unmark() throws IOException {
        Files.deleteIfExists(directory.resolve(DAMAGED_MARK));
    }

    void checkNotMarked() throws TarnException {
        if (isMarked()) {
            throw corrupt("damage was found when it was last used", null);
        }
    }

    TarnException of(String doing, RocksDBException failure) {
        Status.Code code = failure.getStatus() == null
                ? Status.Code.Undefined
                : failure.getStatus().getCode();
        String message = String.valueOf(failure.getMessage());
        String words = message.toLowerCase(Locale.ROOT);
        if (code == Status.Code.Corruption || words.contains("corrupt")) {
            mark(message);
            return corrupt(message, failure);
        }
        if (words.contains("no space left")) {
            return new TarnException(
                    ErrorCode.NO_SPACE,
                    "no space to " + doing + " in " + directory + ": free some, then restart the master",
                    failure);
        }
        if (words.contains("lock") && code == Status.Code.IOError) {
            return new TarnException(
                    ErrorCode.UNAVAILABLE,
                    directory + " is in use by another process: end it first (" + message + ")",
                    failure);
        }
        if (code == Status.Code.IOError && (words.contains("no such file") || words.contains("input/output error"))) {
            return corrupt(message, failure);
        }
        return new TarnException(
                ErrorCode.INTERNAL,
                "could not " + doing + " in " + directory + " (" + message
                        + "): check the disk, then restart the master",
                failure);
    }

    UncheckedIOException unchecked(String doing, RocksDBException failure) {
        return new UncheckedIOException(of(doing, failure));
    }

    private TarnException corrupt(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.CORRUPT,
                "the state in " + directory + " is damaged (" + message
                        + "); nothing that was acknowledged is lost while the journal is whole:"
                        + " restart the master, which then restores the newest good checkpoint and replays the journal",
                cause);
    }

    private void mark(String message) {
        try {
            Files.writeString(directory.resolve(DAMAGED_MARK), message + "\n");
        } catch (IOException e) {
            LOG.warn("Could not mark {} as damaged", directory, e);
        }
    }
}
