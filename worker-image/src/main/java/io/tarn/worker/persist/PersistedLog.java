package io.tarn.worker.persist;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import java.io.BufferedInputStream;
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
 * The file that keeps {@link PersistedVersions} over restarts: entries are appended, and what follows a torn one is ignored. It grows to twice what is
 * needed, then it is written anew. For one thread at a time.
 *
 * <pre>
 *   entry, big-endian:  int32 length, int32 CRC32C of the rest, int64 int64 version, int64 until, int64 mount, path, tag (as DataOutput writes them)
 * </pre>
 */
final class PersistedLog implements AutoCloseable {
    private static final int LONGEST_BYTES = 1 << 17;
    private static final int FEW = 10_000;

    private final Path path;
    private @Nullable OutputStream output;
    private long entries;

    PersistedLog(Path directory) {
        path = directory.resolve("persisted.log");
    }

    void read(Consumer<Persisted> consumer) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            for (Persisted entry = readEntry(input); entry != null; entry = readEntry(input)) {
                consumer.accept(entry);
            }
        }
    }

    private static @Nullable Persisted readEntry(DataInputStream input) throws IOException {
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
            DataInputStream fields = new DataInputStream(new java.io.ByteArrayInputStream(bytes));
            FileVersion old = new FileVersion(fields.readLong(), fields.readLong());
            long untilMillis = fields.readLong();
            Backing.Builder backing = Backing.newBuilder().setMountId(fields.readLong());
            backing.setPath(fields.readUTF()).setVersionTag(fields.readUTF());
            return new Persisted(old, backing.build(), untilMillis);
        } catch (EOFException e) {
            return null;
        }
    }

    /** Before {@link #rewrite} it does nothing. @param all with the new entry */
    void append(Persisted entry, Collection<Persisted> all) throws IOException {
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

    void rewrite(Collection<Persisted> all) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (OutputStream writing = new java.io.BufferedOutputStream(Files.newOutputStream(fresh))) {
            for (Persisted entry : all) {
                writing.write(bytes(entry));
            }
        }
        close();
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        output = Files.newOutputStream(path, StandardOpenOption.APPEND);
        entries = all.size();
    }

    private static byte[] bytes(Persisted entry) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(content);
        fields.writeLong(entry.old().high());
        fields.writeLong(entry.old().low());
        fields.writeLong(entry.untilMillis());
        fields.writeLong(entry.backing().getMountId());
        fields.writeUTF(entry.backing().getPath());
        fields.writeUTF(entry.backing().getVersionTag());
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
