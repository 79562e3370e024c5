package io.tarn.master.peer;

import io.tarn.master.checkpoint.FileTree;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FetchStateResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes another master's state into a directory of its own, each file checked against its checksum. For one thread. */
final class IncomingState implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}");

    private final Path directory;
    private final CRC32C checksum = new CRC32C();
    private @Nullable FileChannel file;
    private int files;

    /** @param directory made anew: what is there goes */
    IncomingState(Path directory) throws IOException {
        this.directory = directory;
        FileTree.delete(directory);
        Files.createDirectories(directory);
    }

    /** @return the sequence of the state, which is whole */
    long take(Iterator<FetchStateResponse> parts) throws IOException {
        long sequence = -1;
        while (parts.hasNext()) {
            FetchStateResponse part = parts.next();
            switch (part.getPartCase()) {
                case SEQUENCE -> sequence = part.getSequence();
                case FILE_NAME -> begin(part.getFileName());
                case CONTENT -> write(part.getContent().asReadOnlyByteBuffer());
                case CRC32C -> end(part.getCrc32C());
                case FILES -> {
                    if (part.getFiles() != files || sequence < 0) {
                        throw damaged("it has " + files + " files of " + part.getFiles());
                    }
                    return sequence;
                }
                case PART_NOT_SET -> throw damaged("a part of it is of a kind that this release does not know");
            }
        }
        throw damaged("it ends in the middle");
    }

    private void begin(String name) throws IOException {
        if (file != null || !NAME.matcher(name).matches()) {
            throw damaged("a file \"" + name + "\" begins");
        }
        checksum.reset();
        file = FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private void write(ByteBuffer content) throws IOException {
        if (file == null) {
            throw damaged("bytes of no file come");
        }
        checksum.update(content.duplicate());
        while (content.hasRemaining()) {
            file.write(content);
        }
    }

    private void end(int crc32c) throws IOException {
        if (file == null || (int) checksum.getValue() != crc32c) {
            throw damaged("a file does not match its checksum");
        }
        file.force(true);
        close();
        files++;
    }

    private static TarnException damaged(String why) {
        return new TarnException(ErrorCode.CORRUPT, "the state that came is not whole: " + why);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
