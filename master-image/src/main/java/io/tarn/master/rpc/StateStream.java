package io.tarn.master.rpc;

import com.google.protobuf.ByteString;
import io.tarn.master.checkpoint.StateCopy;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FetchStateResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A state as messages: its sequence, each file's name, bytes and checksum, and how many files there were. Holds 1 MiB. For one thread. */
final class StateStream implements Streams.Source<FetchStateResponse> {
    private static final int CHUNK_BYTES = 1 << 20;

    private final StateCopy copy;
    private final Queue<Path> files;
    private final int fileCount;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final CRC32C checksum = new CRC32C();
    private @Nullable InputStream file;
    private boolean begun;
    private boolean ended;

    StateStream(StateCopy copy) throws TarnException {
        this.copy = copy;
        this.files = new ArrayDeque<>(copy.files());
        this.fileCount = files.size();
    }

    @Override
    public @Nullable FetchStateResponse next() throws TarnException {
        FetchStateResponse.Builder part = FetchStateResponse.newBuilder();
        if (!begun) {
            begun = true;
            return part.setSequence(copy.sequence()).build();
        }
        try {
            if (file != null) {
                return ofFile(file, part);
            }
            Path following = files.poll();
            if (following != null) {
                file = Files.newInputStream(following);
                checksum.reset();
                return part.setFileName(following.getFileName().toString()).build();
            }
        } catch (IOException e) {
            throw new TarnException(ErrorCode.UNAVAILABLE, "the state cannot be read: " + e, e);
        }
        if (ended) {
            return null;
        }
        ended = true;
        return part.setFiles(fileCount).build();
    }

    private FetchStateResponse ofFile(InputStream open, FetchStateResponse.Builder part) throws IOException {
        int length = open.readNBytes(chunk, 0, CHUNK_BYTES);
        if (length > 0) {
            checksum.update(chunk, 0, length);
            return part.setContent(ByteString.copyFrom(chunk, 0, length)).build();
        }
        open.close();
        file = null;
        return part.setCrc32C((int) checksum.getValue()).build();
    }

    @Override
    public void close() {
        try (StateCopy closing = copy) {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
