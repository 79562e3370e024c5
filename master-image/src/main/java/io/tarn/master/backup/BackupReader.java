package io.tarn.master.backup;

import io.tarn.master.record.FieldReader;
import io.tarn.master.state.Changes;
import io.tarn.master.state.Format;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the file of a backup and checks every byte of it. Holds a block in memory. For one thread. */
public final class BackupReader {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final InputStream in;
    private final CRC32C checksum = new CRC32C();
    private long offset;
    private long entries;

    /** Takes what a backup holds; its entries come in pieces. */
    public interface Sink {
        void accept(Changes puts) throws TarnException;
    }

    /** What a whole file holds. */
    public record Content(Backup backup, long entries, long lengthBytes) {}

    private BackupReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * Reads a file from front to back.
     *
     * @throws TarnException CORRUPT with the offset where it is damaged or ends early; UNSUPPORTED for the format of a newer release; INVALID_ARGUMENT where
     *     it is no backup
     */
    public static Content read(Path file, Sink sink) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            return new BackupReader(file, in).read(sink);
        }
    }

    private Content read(Sink sink) throws IOException {
        readPreamble();
        FieldReader description = block();
        if (description.u8() != BackupFormat.DESCRIPTION) {
            throw damaged("it does not begin with a description");
        }
        Backup backup = Backup.read(description);
        int before = (int) checksum.getValue();
        for (FieldReader block = block(); ; block = block()) {
            int kind = block.u8();
            if (kind == BackupFormat.END) {
                readEnd(block, before);
                return new Content(backup, entries, offset);
            } else if (kind != BackupFormat.ENTRIES) {
                throw damaged("a block of kind " + kind);
            }
            sink.accept(readEntries(block));
            before = (int) checksum.getValue();
        }
    }

    private void readPreamble() throws IOException {
        byte[] bytes = in.readNBytes(BackupFormat.PREAMBLE_BYTES);
        ByteBuffer preamble = ByteBuffer.wrap(Arrays.copyOf(bytes, BackupFormat.PREAMBLE_BYTES));
        if (preamble.getLong() != BackupFormat.MAGIC) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    file
                            + " is no backup, or its first bytes are damaged; name a file that \"tarn backup\" has written");
        }
        int version = preamble.getInt();
        if (preamble.getInt() != BackupFormat.checksum(preamble.array(), 12)) {
            throw damaged("the preamble");
        }
        if (version < Format.FIRST || version > Format.NEWEST) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    file + " has backup format " + version + " and this release reads up to format " + Format.NEWEST
                            + "; restore it with the release that wrote it, or a newer one");
        }
        count(bytes);
    }

    /** The content of the next block, checked. */
    private FieldReader block() throws IOException {
        byte[] header = in.readNBytes(BackupFormat.BLOCK_HEADER_BYTES);
        if (header.length < BackupFormat.BLOCK_HEADER_BYTES) {
            throw damaged("it ends early");
        }
        int length = ByteBuffer.wrap(header).getInt();
        if (length <= 0 || length > BackupFormat.MAX_BLOCK_BYTES) {
            throw damaged("a block of " + length + " bytes");
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw damaged("it ends early");
        }
        if (ByteBuffer.wrap(header).getInt(4) != BackupFormat.checksum(content, length)) {
            throw damaged("a block has another checksum than it was written with");
        }
        count(header);
        count(content);
        return new FieldReader(content);
    }

    private void count(byte[] bytes) {
        checksum.update(bytes);
        offset += bytes.length;
    }

    private Changes readEntries(FieldReader block) throws TarnException {
        String name = block.text();
        Table table = tableOf(name);
        if (table == null) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    file + " holds the table " + name
                            + ", which this release does not know; restore it with a newer one");
        }
        Changes puts = new Changes();
        for (long left = block.varint(); left > 0; left--) {
            puts.put(table, block.bytes(), block.bytes());
            entries++;
        }
        return puts;
    }

    private static @Nullable Table tableOf(String name) {
        return Arrays.stream(Table.values())
                .filter(table -> table.journaled() && table.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void readEnd(FieldReader block, int before) throws IOException {
        if (block.fixed64() != entries || (int) block.fixed64() != before) {
            throw damaged("blocks are missing or changed places");
        }
        if (in.read() >= 0) {
            throw damaged("something follows its end");
        }
    }

    private TarnException damaged(String how) {
        return new TarnException(
                ErrorCode.CORRUPT,
                file + ", offset " + offset + ": the backup is damaged (" + how
                        + "); nothing was restored, take another copy of it or an older one");
    }
}
