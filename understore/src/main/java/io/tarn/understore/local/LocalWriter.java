package io.tarn.understore.local;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file under a temporary name beside its target, renamed (or, where nothing may be there yet, linked) into place at commit.
 *
 * <p>Used by one thread at a time.
 */
final class LocalWriter implements StoreWriter {
    private final LocalStore store;
    private final String path;
    private final CreateOptions options;
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final boolean fsync;
    private final long noted;
    private long lengthBytes;
    private boolean ended;

    LocalWriter(LocalStore store, String path, Path target, CreateOptions options, boolean fsync) throws IOException {
        this.store = store;
        this.path = path;
        this.options = options;
        this.target = target;
        this.fsync = fsync;
        String name = StorePaths.temporaryName(ThreadLocalRandom.current().nextLong());
        this.temporary = target.resolveSibling(name);
        this.noted = store.uploads().begin(store.uri(), StorePaths.child(StorePaths.parent(path), name), false);
        this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(ByteBuffer bytes) throws TarnException {
        try {
            while (bytes.hasRemaining()) {
                int written = channel.write(bytes);
                lengthBytes += written;
                store.wrote(written);
            }
        } catch (IOException e) {
            throw store.files().failure(path, e);
        }
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public StoreStatus commit() throws TarnException {
        if (ended) {
            throw new IllegalStateException("commit of a file that was committed or aborted");
        }
        LocalCommit commit = new LocalCommit(store, path, temporary, target, options);
        StoreStatus committed;
        try {
            finish();
            committed = commit.publish();
        } catch (TarnException e) {
            abort();
            throw e;
        }
        end();
        if (fsync) {
            try {
                store.syncDirectory(target);
            } catch (IOException e) {
                throw commit.unknown(e);
            }
        }
        return committed;
    }

    private void finish() throws TarnException {
        try {
            if (fsync) {
                channel.force(true);
            }
            channel.close();
            store.applyAttributes(path, temporary, options.attributes());
        } catch (IOException e) {
            throw store.files().failure(path, e);
        }
    }

    @Override
    public void abort() {
        if (!ended) {
            end();
        }
    }

    /** Whatever has become of the file, nothing is left under its temporary name. */
    private void end() {
        ended = true;
        try {
            channel.close();
        } catch (IOException e) {
            store.log().debug("closing unfinished {}", temporary, e);
        }
        try {
            Files.deleteIfExists(temporary);
            store.uploads().end(noted);
        } catch (IOException e) {
            store.log()
                    .warn(
                            "could not remove the unfinished file {}; it is hidden, and the next start tries again",
                            temporary,
                            e);
        }
        store.ended(this);
    }

    @Override
    public void close() {
        abort();
        store.ended(this);
    }
}
