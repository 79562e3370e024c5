package io.tarn.client.internal.read;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.Unpooled;
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
import io.tarn.protocol.v1.WorkerAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Drops cached pages at the workers. Thread-safe. */
public final class CachedPages {
    private final ReadServices services;

    public CachedPages(ReadServices services) {
        this.services = services;
    }

    /** Drops what any worker holds of the present version of a file. The outcome is the bytes that became free. */
    public CompletableFuture<Long> free(String path) throws TarnException {
        return services.namespace().open(path).thenCompose(this::free);
    }

    private CompletableFuture<Long> free(OpenResponse opened) {
        FreeVersions request =
                FreeVersions.newBuilder().addTickets(opened.getTicket()).build();
        CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
        for (WorkerAddress worker : opened.getWorkersList()) {
            Endpoint endpoint = Endpoint.of(worker, services.unixSockets());
            CompletableFuture<Long> freed = services.retries()
                    .run(
                            () -> services.connections()
                                    .get(endpoint)
                                    .thenCompose(connection -> free(connection, request)),
                            (failure, failures) -> Failures.isTransient(failure));
            sum = sum.thenCombine(freed, Long::sum);
        }
        return sum;
    }

    private CompletableFuture<Long> free(DataConnection connection, FreeVersions request) {
        SimpleExchange exchange = new SimpleExchange(
                FrameHeader.of(FrameType.FREE, 0), Unpooled.wrappedBuffer(request.toByteArray()), FrameType.FREED);
        connection.send(exchange, services.timeoutMillis());
        return exchange.outcome().thenApply(answer -> {
            try {
                return FreedVersions.parseFrom(answer.payload()).getFreedBytes();
            } catch (InvalidProtocolBufferException e) {
                throw new CompletionException(e);
            }
        });
    }
}
