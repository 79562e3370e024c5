package io.tarn.client.internal.read;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.client.BlockHosts;
import io.tarn.client.DataCheck;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.OpenOptions.AccessPattern;
import io.tarn.client.ReadRange;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Waiting;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.CheckedFile;
import io.tarn.protocol.v1.LoadRange;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.Residency;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;

/**
 * Reads one file version the shortest way there is: mapped, read ahead, asked of a worker by the caller itself, or over shared connections, large ranges in
 * parallel parts. Thread-safe.
 */
public final class TarnFileReader implements FileReader {
    private static final int PART_BYTES = 4 << 20;
    private static final int LOAD_DEADLINES = 60;

    private final FileInfo info;
    private final AccessPattern pattern;
    private final ReadServices services;
    private final Admission admission;
    private final WorkerFile file;
    private final LineReads lines;
    private final Shortcut shortcut;
    private final ReadAhead readAhead;
    private volatile boolean closed;

    public TarnFileReader(ReadServices services, OpenResponse opened, OpenOptions options) {
        this.info = services.namespace().info(opened.getStatus());
        this.pattern = options.pattern();
        this.services = services;
        this.admission = new Admission(services, opened, options.readType());
        this.file = new WorkerFile(services, admission);
        this.lines = new LineReads(services, admission);
        this.shortcut = new Shortcut(services, admission, info.lengthBytes());
        this.readAhead = new ReadAhead(file, info.lengthBytes(), pattern);
    }

    @Override
    public FileInfo info() {
        return info;
    }

    @Override
    public int read(long position, ByteBuffer into) throws TarnException {
        int count = available(position, into);
        if (count <= 0 || shortcut.read(position, into, count)) {
            return count;
        }
        shortcut.missed(count);
        if (!readAhead.read(position, into, count)) {
            readNow(position, into, count);
        } else if (shortcut.isOpen()) {
            readAhead.release();
        }
        return count;
    }

    private void readNow(long position, ByteBuffer into, int count) throws TarnException {
        ByteBuffer part = into.duplicate().limit(into.position() + count);
        if (count > PART_BYTES || !lines.read(position, part, flags())) {
            Waiting.on(readParts(position, into, count));
        }
        into.position(into.position() + count);
    }

    @Override
    public CompletableFuture<Integer> readAsync(long position, ByteBuffer into) {
        try {
            int count = available(position, into);
            if (count <= 0 || shortcut.read(position, into, count)) {
                return CompletableFuture.completedFuture(count);
            }
            shortcut.missed(count);
            return readParts(position, into, count).thenApply(read -> {
                into.position(into.position() + read);
                return read;
            });
        } catch (TarnException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Bytes to read; -1 at the end of the file. */
    private int available(long position, ByteBuffer into) throws TarnException {
        if (closed) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the reader of " + info.path() + " is closed");
        }
        if (position < 0) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a position is not negative: " + position);
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        return position >= info.lengthBytes() ? -1 : (int) Math.min(into.remaining(), info.lengthBytes() - position);
    }

    /** Leaves the position of {@code into}; the outcome is {@code count} or a failure. */
    private CompletableFuture<Integer> readParts(long position, ByteBuffer into, int count) {
        if (count <= PART_BYTES) {
            return readPart(position, into.duplicate().limit(into.position() + count), count);
        }
        List<CompletableFuture<Integer>> parts = new ArrayList<>();
        for (int done = 0; done < count; done += PART_BYTES) {
            int bytes = Math.min(PART_BYTES, count - done);
            int start = into.position() + done;
            parts.add(readPart(position + done, into.duplicate().position(start).limit(start + bytes), bytes));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(all -> count);
    }

    private CompletableFuture<Integer> readPart(long position, ByteBuffer into, int count) {
        return file.read(position, into, flags()).thenApply(read -> {
            if (read < count) {
                throw new CompletionException(Ranges.shorter(position, count, read));
            }
            return read;
        });
    }

    private int flags() {
        return switch (pattern) {
            case AUTO -> 0;
            case SEQUENTIAL -> FrameHeader.SEQUENTIAL;
            case RANDOM -> FrameHeader.RANDOM;
        };
    }

    @Override
    public List<CompletableFuture<ByteBuffer>> readVectored(List<ReadRange> ranges) {
        return new VectoredRead(this, ranges).start();
    }

    @Override
    public long load(long offset, long lengthBytes, long bytesPerSecond, LongConsumer progress) throws TarnException {
        if (offset < 0 || lengthBytes < 0 || bytesPerSecond < 0) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "a range to load has no negative numbers");
        }
        long bytes = Math.min(lengthBytes, info.lengthBytes() - offset);
        if (bytes <= 0) {
            return 0;
        }
        LoadRange range = LoadRange.newBuilder()
                .setLengthBytes(bytes)
                .setBytesPerSecond(bytesPerSecond)
                .build();
        return Waiting.on(file.send(
                handle -> new LoadExchange(handle, offset, range, progress),
                LoadExchange::outcome,
                LOAD_DEADLINES * services.timeoutMillis()));
    }

    @Override
    public Map<String, Long> residency() throws TarnException {
        try {
            return Map.copyOf(Residency.parseFrom(
                            Waiting.on(file.ask(FrameType.RESIDENCY, OpenRead.getDefaultInstance(), FrameType.RESIDENT))
                                    .payload())
                    .getCachedBytesByTierMap());
        } catch (InvalidProtocolBufferException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public DataCheck check() throws TarnException {
        try {
            CheckedFile checked = CheckedFile.parseFrom(Waiting.on(file.send(
                            handle -> WorkerFile.checkOf(handle, 0, 0),
                            SimpleExchange::outcome,
                            LOAD_DEADLINES * services.timeoutMillis()))
                    .payload());
            return new DataCheck(
                    checked.getCheckedPages(),
                    checked.getRepairedPages(),
                    checked.getDroppedPages(),
                    checked.getLostPages(),
                    checked.getLostOffsetsList());
        } catch (InvalidProtocolBufferException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public List<BlockHosts> locations(long offset, long lengthBytes) {
        return Locations.of(info, admission.workers(), offset, lengthBytes);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            readAhead.close();
            shortcut.close();
            lines.close();
            file.close();
        }
    }
}
