package io.tarn.worker.page.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.directory.PrivateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A tier directory that is checked and held by this process: it exists and is writable, no other worker uses it, and it knows whether the last one stopped
 * cleanly. Not thread-safe.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String CLEAN = "clean";

    private final Path path;
    private final FileChannel channel;
    private final boolean wasClean;

    private DirectoryLock(Path path, FileChannel channel, boolean wasClean) {
        this.path = path;
        this.channel = channel;
        this.wasClean = wasClean;
    }

    /**
     * @param setting the key that names the directory, for messages
     * @throws TarnException INVALID_ARGUMENT where it cannot be used, saying what to do
     */
    static DirectoryLock acquire(Path path, String setting) throws TarnException {
        String named = setting + " names " + path;
        try {
            PrivateDirectory.create(path);
        } catch (IOException e) {
            throw refused(
                    named + ", which cannot be made (" + e
                            + "): make the directory for the worker's user, or change the setting",
                    e);
        }
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw refused(
                        named + ", which another worker process uses: stop it, or give each its own directory", null);
            }
            probe(path);
            boolean wasClean = Files.deleteIfExists(path.resolve(CLEAN));
            return new DirectoryLock(path, channel, wasClean);
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw refused(
                    named + ", which is not writable or full (" + e
                            + "): free space, or let the worker's user write there",
                    e);
        }
    }

    /** Whether the last process closed its page store in this directory. */
    boolean wasClean() {
        return wasClean;
    }

    /** Bytes that can be written here in addition. */
    long freeBytes() throws IOException {
        FileStore store = Files.getFileStore(path);
        return store.getUsableSpace();
    }

    void markClean() throws IOException {
        Files.write(path.resolve(CLEAN), new byte[0]);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void probe(Path path) throws IOException {
        Path probe = path.resolve("probe");
        try (FileChannel file = FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(TierDirectory.ALLOCATION_BYTES));
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static TarnException refused(String message, @Nullable Throwable cause) {
        return new TarnException(ErrorCode.INVALID_ARGUMENT, message, cause);
    }
}
