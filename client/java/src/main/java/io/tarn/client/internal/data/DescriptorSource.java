package io.tarn.client.internal.data;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.FileDescriptor;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.ExportedFile;
import io.tarn.protocol.v1.OpenRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Gets descriptors of wholly cached files from workers on this host. Each worker has one connection for this, used by one file at a time, since a message that
 * carries a descriptor must not meet any other answer. Thread-safe.
 */
public final class DescriptorSource implements AutoCloseable {
    private static final int MAX_SEGMENTS = 1024;
    private static final long TIMEOUT_MILLIS = 10_000;

    private final WorkerConnections connections;
    private final Map<Endpoint, CompletableFuture<DataConnection>> lines = new ConcurrentHashMap<>();

    public DescriptorSource(WorkerConnections connections) {
        this.connections = connections;
    }

    /** Descriptors of a file's segments, in order; whoever takes them closes them. */
    public record Export(long segmentLengthBytes, List<FileDescriptor> descriptors) {
        public void close() {
            descriptors.forEach(Descriptors::close);
        }
    }

    /** Fails where the worker does not hand out this file: UNSUPPORTED, or whatever it says. */
    public CompletableFuture<Export> take(Endpoint endpoint, OpenRead request) {
        CompletableFuture<Export> outcome = new CompletableFuture<>();
        lines.compute(endpoint, (key, before) -> {
            CompletableFuture<DataConnection> line = before == null
                    ? connections.dedicated(endpoint)
                    : before.thenCompose(connection -> connection.isOpen()
                            ? CompletableFuture.completedFuture(connection)
                            : connections.dedicated(endpoint));
            CompletableFuture<DataConnection> usable = line.exceptionallyCompose(failure -> {
                outcome.completeExceptionally(failure);
                return CompletableFuture.failedFuture(failure);
            });
            return usable.thenCompose(connection -> takeOn(connection, request).handle((export, failure) -> {
                        if (failure != null) {
                            outcome.completeExceptionally(failure);
                        } else if (!outcome.complete(export)) {
                            export.close();
                        }
                        return connection;
                    }))
                    .exceptionallyCompose(failure -> connections.dedicated(endpoint));
        });
        return outcome;
    }

    private static CompletableFuture<Export> takeOn(DataConnection connection, OpenRead request) {
        return ask(connection, FrameHeader.of(FrameType.OPEN_READ, 0), request, FrameType.OPENED)
                .thenCompose(opened -> {
                    long handle = opened.header().handle();
                    return export(connection, handle)
                            .whenComplete((export, failure) -> connection.tell(
                                    FrameHeader.of(FrameType.CLOSE, 0).at(handle, 0)));
                });
    }

    private static CompletableFuture<Export> export(DataConnection connection, long handle) {
        FrameHeader header = FrameHeader.of(FrameType.EXPORT, 0).at(handle, 0);
        return ask(connection, header, OpenRead.getDefaultInstance(), FrameType.EXPORTED)
                .thenCompose(answer -> {
                    try {
                        ExportedFile exported = ExportedFile.parseFrom(answer.payload());
                        return segments(connection, handle, exported);
                    } catch (InvalidProtocolBufferException e) {
                        return CompletableFuture.failedFuture(
                                new TarnException(ErrorCode.MALFORMED, "an unreadable answer to EXPORT", e));
                    }
                });
    }

    private static CompletableFuture<Export> segments(DataConnection connection, long handle, ExportedFile exported) {
        if (exported.getSegments() < 1 || exported.getSegments() > MAX_SEGMENTS) {
            return CompletableFuture.failedFuture(new TarnException(
                    ErrorCode.UNSUPPORTED, "a file of " + exported.getSegments() + " segments is not mapped"));
        }
        List<FileDescriptor> taken = new ArrayList<>();
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        for (int segment = 0; segment < exported.getSegments(); segment++) {
            int wanted = segment;
            last = last.thenCompose(before -> connection.takeDescriptor(handle, wanted, TIMEOUT_MILLIS))
                    .thenAccept(taken::add);
        }
        return last.handle((done, failure) -> {
                    Export export = new Export(exported.getSegmentLengthBytes(), List.copyOf(taken));
                    if (failure == null) {
                        return CompletableFuture.completedFuture(export);
                    }
                    export.close();
                    return CompletableFuture.<Export>failedFuture(failure);
                })
                .thenCompose(Function.identity());
    }

    private static CompletableFuture<SimpleExchange.Answer> ask(
            DataConnection connection, FrameHeader header, OpenRead request, FrameType expected) {
        SimpleExchange exchange = new SimpleExchange(header, Unpooled.wrappedBuffer(request.toByteArray()), expected);
        connection.send(exchange, TIMEOUT_MILLIS);
        return exchange.outcome();
    }

    @Override
    public void close() {
        TarnException closed = new TarnException(ErrorCode.UNAVAILABLE, "this client is closed");
        lines.values().forEach(line -> line.thenAccept(connection -> connection.close(closed)));
    }
}
