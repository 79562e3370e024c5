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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file that keeps entries over restarts: they are appended, and what follows a torn one is ignored. It grows to twice what is needed, then it is written
 * anew. For one thread at a time.
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
    private @Nullable OutputStream output;
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
        OutputStream open = output;
        if (open == null) {
            return;
        }
        if (entries > FEW && entries > 2L * all.size()) {
            rewrite(all);
        } else {
            open.write(bytes(entry));
            entries++;
        }
    }

    public void rewrite(Collection<T> all) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (OutputStream writing = new BufferedOutputStream(Files.newOutputStream(fresh))) {
            for (T entry : all) {
                writing.write(bytes(entry));
            }
        }
        close();
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        output = Files.newOutputStream(path, StandardOpenOption.APPEND);
        entries = all.size();
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
        OutputStream open = output;
        output = null;
        if (open != null) {
            open.close();
        }
    }
}
