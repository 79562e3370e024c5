package io.tarn.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A directory and the processes that work in it; both are gone when it is closed, on Ctrl-C too. Thread-safe.
 */
public final class Workspace implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Thread closeOnExit = new Thread(this::closeAll, "cleanup");
    private @Nullable Path memory;
    private boolean closed;

    public Workspace(Path parent, String name) throws IOException {
        Files.createDirectories(parent);
        directory = Files.createTempDirectory(parent, name + "-");
        Runtime.getRuntime().addShutdownHook(closeOnExit);
    }

    /** A directory in the workspace, made if missing. */
    public Path directory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** A directory of the workspace that lies in memory, where this machine has a place for such; else on disk. */
    public synchronized Path memoryDirectory() throws IOException {
        if (memory == null) {
            memory = Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, directory.getFileName() + "-")
                    : directory("memory");
        }
        return memory;
    }

    public Path log(String name) throws IOException {
        return directory("logs").resolve(name + ".log");
    }

    /** Has {@code part} closed with the workspace, after what was added later. */
    public synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(closeOnExit);
        } catch (IllegalStateException exiting) {
            // the hook is running, or has run
        }
    }

    private synchronized void closeAll() {
        if (closed) {
            return;
        }
        closed = true;
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception failure) {
                System.err.println("could not stop " + part + ": " + failure);
            }
        }
        try {
            delete(directory);
            if (memory != null && Files.exists(memory)) {
                delete(memory);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("could not remove " + directory, failure);
        }
    }

    /** A directory and all that is in it. */
    public static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
