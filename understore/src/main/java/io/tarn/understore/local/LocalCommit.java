package io.tarn.understore.local;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The one call that puts a finished file in its place, its condition, and what to believe where it fails: a network file system may lose the answer, or answer
 * the repetition of what it has done already. Used by one thread, once.
 */
final class LocalCommit {
    private final LocalStore store;
    private final String path;
    private final Path temporary;
    private final Path target;
    private final CreateOptions options;

    LocalCommit(LocalStore store, String path, Path temporary, Path target, CreateOptions options) {
        this.store = store;
        this.path = path;
        this.temporary = temporary;
        this.target = target;
        this.options = options;
    }

    /**
     * Puts the file in place. Its temporary name may be left.
     *
     * @return its status there: a new name changes nothing of it
     * @throws TarnException OUTCOME_UNKNOWN, or the store has taken nothing
     */
    StoreStatus publish() throws TarnException {
        StoreStatus finished = check();
        try {
            if (options.onlyIfAbsent()) {
                Files.createLink(target, temporary);
            } else {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            settle(finished, e);
        }
        return finished;
    }

    private StoreStatus check() throws TarnException {
        if (Files.isDirectory(target)) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, store.files().describe(path) + " is a directory");
        }
        String version = options.onlyIfVersion();
        if (version != null) {
            store.requireVersion(path, target, version);
        }
        try {
            return FileAttributes.read(temporary).toStatus(path);
        } catch (IOException e) {
            throw store.files().failure(path, e);
        }
    }

    /** Returns where the file is in its place all the same. */
    private void settle(StoreStatus finished, IOException cause) throws TarnException {
        StoreStatus there;
        try {
            there = store.files().statusAt(path, target);
        } catch (TarnException e) {
            e.addSuppressed(cause);
            throw unknown(e);
        }
        if (there != null && there.versionTag().equals(finished.versionTag())) {
            return;
        }
        TarnException failure = cause instanceof FileAlreadyExistsException
                ? new TarnException(ErrorCode.ALREADY_EXISTS, store.files().describe(path) + " exists already", cause)
                : store.files().failure(path, cause);
        boolean refused = failure.code() != ErrorCode.STORE_UNAVAILABLE;
        throw refused && Files.exists(temporary, LinkOption.NOFOLLOW_LINKS) ? failure : unknown(cause);
    }

    TarnException unknown(IOException cause) {
        return new TarnException(
                ErrorCode.OUTCOME_UNKNOWN,
                store.files().describe(path) + ": the file may be in place, or may not, or not outlast a power cut: "
                        + cause.getMessage(),
                cause);
    }
}
