package io.tarn.worker.entrylog;

import io.tarn.protocol.checksum.PageChecksum;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that keeps entries over restarts: they are appended, and what follows a torn one is ignored. It grows to twice what is needed, then it is written
 * anew. For one thread at a time, but for {@link #force}.
 *
 * <pre>
 *   entry, big-endian:  int32 length, int32 CRC32C of the rest, the entry as its {@link Codec} writes it
 * </pre>
 */
public final class EntryLog<T> implements AutoCloseable {
    private static final int LONGEST_BYTES = 1 << 17;
    private static final int FEW = 10_000;

    private final Path path;
    private final Codec<T> codec;
    private final Object forcing = new Object();
    private volatile @Nullable FileChannel output;
    private final AtomicLong written = new AtomicLong();
    private long forced;
    private long entries;

    /** How an entry is written, in at most 128 KiB. */
    public interface Codec<T> {
        void write(T entry, DataOutputStream fields) throws IOException;

        T read(DataInputStream fields) throws IOException;
    }

    public EntryLog(Path path, Codec<T> codec) {
        this.path = path;
        this.codec = codec;
    }

    public void read(Consumer<T> consumer) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            for (T entry = readEntry(input); entry != null; entry = readEntry(input)) {
                consumer.accept(entry);
            }
        }
    }

    private @Nullable T readEntry(DataInputStream input) throws IOException {
        try {
            int length = input.readInt();
            int checksum = input.readInt();
            if (length < 0 || length > LONGEST_BYTES) {
                return null;
            }
            byte[] bytes = input.readNBytes(length);
            if (bytes.length < length || PageChecksum.of(ByteBuffer.wrap(bytes)) != checksum) {
                return null;
            }
            return codec.read(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (EOFException e) {
            return null;
        }
    }

    /** Before {@link #rewrite} it does nothing. @param all that is to be kept, with the new entry */
    public void append(T entry, Collection<T> all) throws IOException {
        FileChannel open = output;
        if (open == null) {
            return;
        }
        if (entries > FEW && entries > 2L * all.size()) {
            rewrite(all);
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(bytes(entry));
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
        entries++;
        written.incrementAndGet();
    }

    /** What was appended before outlasts a power cut once this returns; those that wait for each other share one fsync. Safe for many threads. */
    public void force() throws IOException {
        long wanted = written.get();
        synchronized (forcing) {
            long now = written.get();
            FileChannel open = output;
            if (forced >= wanted || open == null) {
                return;
            }
            try {
                open.force(false);
            } catch (ClosedChannelException e) {
                return; // a new file took its place, forced as a whole
            }
            forced = now;
        }
    }

    public void rewrite(Collection<T> all) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream writing = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            for (T entry : all) {
                writing.write(bytes(entry));
            }
            writing.flush();
            channel.force(false);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        FileChannel before = output;
        output = FileChannel.open(path, StandardOpenOption.APPEND);
        entries = all.size();
        if (before != null) {
            before.close();
        }
    }

    private byte[] bytes(T entry) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        codec.write(entry, new DataOutputStream(content));
        byte[] bytes = content.toByteArray();
        ByteBuffer framed = ByteBuffer.allocate(8 + bytes.length);
        return framed.putInt(bytes.length)
                .putInt(PageChecksum.of(ByteBuffer.wrap(bytes)))
                .put(bytes)
                .array();
    }

    @Override
    public void close() throws IOException {
        FileChannel open = output;
        output = null;
        if (open != null) {
            open.close();
        }
    }
}
