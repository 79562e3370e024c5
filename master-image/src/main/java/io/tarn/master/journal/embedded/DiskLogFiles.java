package io.tarn.master.journal.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** {@link LogFiles} in a directory of a local disk. */
final class DiskLogFiles implements LogFiles {
    private static final int ZEROS_BYTES = 1 << 20;

    private final Path directory;

    DiskLogFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public String location(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> listing = Files.list(directory)) {
            return listing.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public long sizeBytes(String name) throws IOException {
        return Files.size(directory.resolve(name));
    }

    @Override
    public void read(String name, ByteBuffer target, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
            long at = position;
            int count = 0;
            while (target.hasRemaining() && count >= 0) {
                count = channel.read(target, at);
                at += Math.max(count, 0);
            }
        }
    }

    @Override
    public void allocate(String name, long sizeBytes) throws IOException {
        // Zeros are written rather than a length set: the file system then has nothing to allocate or convert, and
        // fdatasync nothing but data to write.
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
        try (FileChannel channel = FileChannel.open(
                directory.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long at = 0; at < sizeBytes; ) {
                zeros.clear().limit((int) Math.min(ZEROS_BYTES, sizeBytes - at));
                at += channel.write(zeros, at);
            }
            channel.force(true);
        }
    }

    @Override
    public void replace(String name, byte[] content) throws IOException {
        Path temporary = directory.resolve(name + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer source = ByteBuffer.wrap(content);
            while (source.hasRemaining()) {
                channel.write(source);
            }
            channel.force(true);
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
    }

    @Override
    public WritableLogFile openForWriting(String name) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE);
        return new WritableLogFile() {
            @Override
            public void write(ByteBuffer source, long position) throws IOException {
                for (long at = position; source.hasRemaining(); ) {
                    at += channel.write(source, at);
                }
            }

            @Override
            public void force() throws IOException {
                channel.force(false);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
