package io.tarn.client.internal.read;

import io.netty.buffer.Unpooled;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenRead;
import java.util.concurrent.CompletableFuture;

/** A file that is open for reading on one connection. */
record Handle(DataConnection connection, long number) {
    static CompletableFuture<Handle> open(DataConnection connection, OpenRead request, long timeoutMillis) {
        SimpleExchange open = new SimpleExchange(
                FrameHeader.of(FrameType.OPEN_READ, 0),
                Unpooled.wrappedBuffer(request.toByteArray()),
                FrameType.OPENED);
        connection.send(open, timeoutMillis);
        return open.outcome()
                .thenApply(answer -> new Handle(connection, answer.header().handle()));
    }

    FrameHeader header(FrameType type, long offset) {
        return FrameHeader.of(type, 0).at(number, offset);
    }

    /** What is still read of it fails. */
    void release() {
        connection.tell(header(FrameType.CLOSE, 0));
    }
}
