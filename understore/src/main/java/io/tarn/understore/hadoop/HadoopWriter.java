package io.tarn.understore.hadoop;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file under a temporary name beside its target, renamed at commit. Once the rename was asked for, only the store's own refusal says that it has not happened.
 * Used by one thread at a time.
 */
final class HadoopWriter implements StoreWriter {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopWriter.class);
    private static final int COPY_BYTES = 64 << 10;
    /** With these the store itself says that it does not rename. */
    private static final Set<ErrorCode> REFUSALS = Set.of(
            ErrorCode.ALREADY_EXISTS,
            ErrorCode.IS_A_DIRECTORY,
            ErrorCode.NOT_A_DIRECTORY,
            ErrorCode.DIRECTORY_NOT_EMPTY,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.NO_SPACE,
            ErrorCode.STORE_DENIED);

    private final HadoopStore store;
    private final String path;
    private final Path target;
    private final Path temporary;
    private final CreateOptions options;
    private final FSDataOutputStream output;
    private final long noted;
    private long lengthBytes;
    private boolean ended;

    HadoopWriter(HadoopStore store, String path, Path target, CreateOptions options) throws TarnException {
        this.store = store;
        this.path = path;
        this.target = target;
        this.options = options;
        String name = StorePaths.temporaryName(ThreadLocalRandom.current().nextLong());
        String hidden = StorePaths.child(StorePaths.parent(path), name);
        this.temporary = store.files().at(hidden);
        this.noted = store.uploads().begin(store.uri(), hidden, false);
        this.output = store.session().call(path, fileSystem -> fileSystem.create(temporary, false));
    }

    @Override
    public void write(ByteBuffer bytes) throws TarnException {
        lengthBytes += bytes.remaining();
        store.wrote(bytes.remaining());
        store.session().call(path, fileSystem -> {
            if (bytes.hasArray()) {
                output.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
                bytes.position(bytes.limit());
                return true;
            }
            byte[] copy = new byte[Math.min(bytes.remaining(), COPY_BYTES)];
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), copy.length);
                bytes.get(copy, 0, count);
                output.write(copy, 0, count);
            }
            return true;
        });
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
        try {
            store.session().call(path, this::finish);
        } catch (TarnException e) {
            abort();
            throw e;
        }
        publish();
        StoreStatus committed = status();
        ended = true;
        store.ended(this);
        store.uploads().end(noted);
        return committed;
    }

    private boolean finish(FileSystem fileSystem) throws IOException {
        output.close();
        store.applyAttributes(fileSystem, temporary, options.attributes());
        StoreStatus there = store.files().status(fileSystem, path, target);
        if (there != null && there.directory()) {
            throw store.errors().failure(ErrorCode.IS_A_DIRECTORY, path, "is a directory", null);
        }
        String version = options.onlyIfVersion();
        if (version != null && (there == null || !there.versionTag().equals(version))) {
            throw store.errors().changed(path, "version " + version + " is not there");
        }
        return true;
    }

    private void publish() throws TarnException {
        try {
            store.session().call(path, fileSystem -> {
                if (options.onlyIfAbsent()) {
                    HadoopRename.ifAbsent(fileSystem, temporary, target);
                } else {
                    HadoopRename.replacing(fileSystem, temporary, target);
                }
                return true;
            });
        } catch (TarnException e) {
            boolean refused = REFUSALS.contains(e.code()) && isUnpublished();
            abort();
            throw refused ? e : store.errors().unknown(path, e);
        }
    }

    /** A refusal may be the answer to a repetition of what was done already: then the temporary name is gone. */
    private boolean isUnpublished() {
        try {
            return store.session().call(path, fileSystem -> fileSystem.exists(temporary));
        } catch (TarnException e) {
            LOG.debug("whether {} is still there", temporary, e);
            return false;
        }
    }

    /** What stands in the file's place now. */
    private StoreStatus status() throws TarnException {
        Optional<StoreStatus> there;
        try {
            there = store.session()
                    .call(path, fileSystem -> Optional.ofNullable(store.files().status(fileSystem, path, target)));
        } catch (TarnException e) {
            abort();
            throw store.errors().unknown(path, e);
        }
        if (there.isEmpty()) {
            abort();
            throw store.errors().unknown(path, new FileNotFoundException("it vanished right after its commit"));
        }
        return there.get();
    }

    @Override
    public void abort() {
        if (ended) {
            return;
        }
        ended = true;
        store.ended(this);
        try {
            store.session().call(path, fileSystem -> {
                try {
                    output.close();
                } catch (IOException e) {
                    LOG.debug("closing unfinished {}", temporary, e);
                }
                return fileSystem.delete(temporary, false);
            });
            store.uploads().end(noted);
        } catch (TarnException e) {
            LOG.warn(
                    "could not remove the unfinished file {}; it is hidden, and the next start tries again",
                    temporary,
                    e);
        }
    }

    @Override
    public void close() {
        abort();
    }
}
