package io.tarn.master.journal.embedded;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a directory to one process, and to one user within it. The system forgets a process's lock on a file as soon as that process closes any descriptor
 * of it, so within the process a set of names decides before the file is touched. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String FILE_NAME = "lock";
    private static final Set<Path> HELD_HERE = new HashSet<>();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @throws TarnException UNAVAILABLE where somebody else has it, naming the process */
    public static DirectoryLock take(Path directory) throws TarnException {
        try {
            Path real = directory.toRealPath();
            synchronized (HELD_HERE) {
                if (!HELD_HERE.add(real)) {
                    throw inUse(directory, "this process");
                }
            }
            try {
                return new DirectoryLock(real, lock(real));
            } catch (IOException e) {
                synchronized (HELD_HERE) {
                    HELD_HERE.remove(real);
                }
                throw e;
            }
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot lock " + directory + ": check that it can be written (" + e + ")",
                    e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE_NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, "process " + owner(channel));
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        return StandardCharsets.US_ASCII.decode(text.flip()).toString().trim();
    }

    private static TarnException inUse(Path directory, @Nullable String owner) {
        return new TarnException(
                ErrorCode.UNAVAILABLE,
                directory + " is in use by " + owner + ": end it first, or give this master another master.directory");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing " + directory.resolve(FILE_NAME), e);
        } finally {
            synchronized (HELD_HERE) {
                HELD_HERE.remove(directory);
            }
        }
    }
}
