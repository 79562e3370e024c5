package io.tarn.client.internal.read;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.tarn.client.PinOutcome;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.Endpoint;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.FreeVersions;
import io.tarn.protocol.v1.FreedVersions;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.PinVersions;
import io.tarn.protocol.v1.PinnedPages;
import io.tarn.protocol.v1.WorkerAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Drops and pins cached pages at the workers. Thread-safe. */
public final class CachedPages {
    private final ReadServices services;

    public CachedPages(ReadServices services) {
        this.services = services;
    }

    /** Drops what any worker holds of the present version of a file. The outcome is the bytes that became free. */
    public CompletableFuture<Long> free(String path) throws TarnException {
        return services.namespace()
                .open(path)
                .thenCompose(opened -> askAll(
                        opened,
                        FrameType.FREE,
                        FreeVersions.newBuilder().addTickets(opened.getTicket()).build(),
                        FrameType.FREED,
                        payload -> FreedVersions.parseFrom(payload).getFreedBytes(),
                        Long::sum))
                .thenApply(freed -> freed == null ? 0 : freed);
    }

    /** Tells every worker whether the present version of a file is pinned. */
    public CompletableFuture<PinOutcome> applyPin(String path) throws TarnException {
        return services.namespace()
                .open(path)
                .thenCompose(opened -> askAll(
                        opened,
                        FrameType.PIN,
                        PinVersions.newBuilder().addTickets(opened.getTicket()).build(),
                        FrameType.PINNED,
                        CachedPages::pinOutcome,
                        PinOutcome::plus))
                .thenApply(outcome -> outcome == null ? PinOutcome.NOTHING : outcome);
    }

    private static PinOutcome pinOutcome(ByteBuffer payload) throws InvalidProtocolBufferException {
        PinnedPages pinned = PinnedPages.parseFrom(payload);
        return new PinOutcome(pinned.getPinnedBytes(), pinned.getRefusedFiles());
    }

    private interface Parser<T> {
        T parse(ByteBuffer payload) throws InvalidProtocolBufferException;
    }

    /** Asks all workers the same. The outcome is the sum; null without workers. */
    private <T> CompletableFuture<@Nullable T> askAll(
            OpenResponse opened,
            FrameType type,
            MessageLite request,
            FrameType expected,
            Parser<T> parser,
            BinaryOperator<T> sum) {
        CompletableFuture<@Nullable T> all = CompletableFuture.completedFuture(null);
        for (WorkerAddress worker : opened.getWorkersList()) {
            Endpoint endpoint = Endpoint.of(worker, services.unixSockets());
            CompletableFuture<T> one = services.retries()
                    .run(
                            () -> services.connections()
                                    .get(endpoint)
                                    .thenCompose(connection -> ask(connection, type, request, expected, parser)),
                            (failure, failures) -> Failures.isTransient(failure));
            all = all.thenCombine(one, (before, next) -> before == null ? next : sum.apply(before, next));
        }
        return all;
    }

    private <T> CompletableFuture<T> ask(
            DataConnection connection, FrameType type, MessageLite request, FrameType expected, Parser<T> parser) {
        SimpleExchange exchange =
                new SimpleExchange(FrameHeader.of(type, 0), Unpooled.wrappedBuffer(request.toByteArray()), expected);
        connection.send(exchange, services.timeoutMillis());
        return exchange.outcome().thenApply(answer -> {
            try {
                return parser.parse(answer.payload());
            } catch (InvalidProtocolBufferException e) {
                throw new CompletionException(e);
            }
        });
    }
}
