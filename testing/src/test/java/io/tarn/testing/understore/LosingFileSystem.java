package io.tarn.testing.understore;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files through Hadoop; renames happen, and what follows fails on demand. Hadoop makes the instances, so the demand is one for all: for one test at a time. */
public final class LosingFileSystem extends RawLocalFileSystem {
    static final AtomicReference<Loss> NEXT = new AtomicReference<>(Loss.NOTHING);

    enum Loss {
        NOTHING,
        ANSWER_OF_RENAME,
        REFUSED_REPETITION,
        STATUS_AFTER_RENAME
    }

    private boolean renamed;

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        boolean done = super.rename(source, target);
        switch (NEXT.get()) {
            case ANSWER_OF_RENAME -> throw new IOException("injected: the connection was lost");
            case REFUSED_REPETITION -> throw new org.apache.hadoop.fs.FileAlreadyExistsException(target.toString());
            case STATUS_AFTER_RENAME -> renamed = true;
            case NOTHING -> {}
        }
        return done;
    }

    @Override
    public FileStatus getFileStatus(Path file) throws IOException {
        if (renamed) {
            throw new org.apache.hadoop.security.AccessControlException("injected: the ticket has expired");
        }
        return super.getFileStatus(file);
    }
}
