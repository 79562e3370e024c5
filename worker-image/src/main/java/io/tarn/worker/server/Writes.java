package io.tarn.worker.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenWrite;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.worker.write.WriteReplies;

/** The writing side of one connection. Used on its event loop, except for {@link WriteReplies}, which come from the sessions' threads. */
final class Writes implements WriteReplies {
    private final ChannelHandlerContext context;
    private final ServerContext server;
    private final Handles handles;
    private final Connection connection;
    private final OffLoop offLoop;
    private long queuedBytes;

    Writes(ChannelHandlerContext context, ServerContext server, Handles handles, Connection connection) {
        this.context = context;
        this.server = server;
        this.handles = handles;
        this.connection = connection;
        offLoop = new OffLoop(context, server.threads(), connection);
    }

    /** Payload bytes that were taken from the peer and not written yet. */
    long queuedBytes() {
        return queuedBytes;
    }

    void open(FrameHeader header, ByteBuf payload) throws TarnException {
        OpenWrite request = parse(payload);
        handles.reserve();
        offLoop.run(
                header.requestId(),
                () -> new WriteHandle(server.writes().open(request, this)),
                handle -> {
                    long id = handles.add(handle);
                    Frame opened = connection.answer(FrameType.OPENED, header);
                    context.write(new Frame(opened.header().at(id, 0), opened.payload()));
                },
                handles::giveUp);
    }

    private static OpenWrite parse(ByteBuf payload) throws TarnException {
        try {
            return OpenWrite.parseFrom(payload.nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, "a payload that cannot be parsed", e);
        }
    }

    void append(FrameHeader header, ByteBuf payload) throws TarnException {
        WriteHandle handle = handles.writing(header.handle());
        connection.taken();
        queuedBytes += payload.readableBytes();
        handle.session().append(header.requestId(), header.offset(), payload.retain(), header.argument());
        connection.regulate();
    }

    void flush(FrameHeader header) throws TarnException {
        WriteHandle handle = handles.writing(header.handle());
        connection.taken();
        handle.session().flush(header.requestId(), header.has(FrameHeader.DURABLE));
    }

    void commit(FrameHeader header) throws TarnException {
        WriteHandle handle = handles.writing(header.handle());
        connection.taken();
        handle.session().commit(header.requestId(), header.offset());
    }

    void abort(FrameHeader header) throws TarnException {
        WriteHandle handle = handles.writing(header.handle());
        connection.taken();
        handle.session().abort(header.requestId());
    }

    @Override
    public void accepted(long requestId, long position, int takenBytes) {
        FrameHeader header = FrameHeader.of(FrameType.ACK, requestId).at(0, position);
        reply(Frame.of(header), takenBytes);
    }

    @Override
    public void committed(long requestId, SignedReceipt receipt) {
        reply(Frame.of(FrameHeader.of(FrameType.COMMITTED, requestId), receipt.toByteArray()), 0);
    }

    @Override
    public void failed(long requestId, TarnException failure, int takenBytes) {
        reply(Frame.error(requestId, failure), takenBytes);
    }

    private void reply(Frame frame, int takenBytes) {
        context.executor().execute(() -> {
            queuedBytes -= takenBytes;
            context.writeAndFlush(frame);
            connection.answered();
        });
    }
}
