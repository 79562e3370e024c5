package io.tarn.standalone;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of a data directory. The kernel gives the lock back when the process ends, however it ends. */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the directory where it is missing, and locks it.
     *
     * @throws TarnException INVALID_ARGUMENT where it cannot be written, UNAVAILABLE where another process has it
     */
    static DirectoryLock take(Path directory) throws TarnException {
        FileChannel channel;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(
                    directory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            String why = e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "data directory " + directory + " is not writable: " + why
                            + "; choose another with --data, or make it writable for this user",
                    e);
        }
        DirectoryLock lock = new DirectoryLock(channel);
        try {
            if (tryLock(channel) != null) {
                lock.writeProcess();
                return lock;
            }
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "data directory " + directory + " is in use by process " + lock.readProcess()
                            + "; stop that one, or choose another directory with --data");
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e instanceof TarnException named
                    ? named
                    : new TarnException(ErrorCode.UNAVAILABLE, "cannot lock data directory " + directory + ": " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private void writeProcess() throws IOException {
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    }

    private String readProcess() throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
