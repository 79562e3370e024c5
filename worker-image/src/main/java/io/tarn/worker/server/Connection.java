package io.tarn.worker.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer: takes its frames and hands each to the part that answers it. It stops reading from the peer while too many requests are worked on, too many
 * bytes wait to be written, or the peer does not take what is sent. Runs on the connection's event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Reads.Owner {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private final ServerContext server;
    private final Handles handles;
    private @Nullable Reads reads;
    private @Nullable FileRequests files;
    private @Nullable Writes writes;
    private @Nullable PeerWatch watch;
    private int inFlight;
    private boolean closed;

    Connection(ServerContext server) {
        this.server = server;
        handles = new Handles(server.settings().maxHandles());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        reads = new Reads(context, server.pages(), server.threads(), this);
        files = new FileRequests(context, server, handles, new OffLoop(context, server.threads(), this));
        writes = new Writes(context, server, handles, this);
        watch = new PeerWatch(context, server.settings(), () -> handles.isEmpty() && inFlight == 0);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Frame frame)) {
            context.fireChannelRead(message);
            return;
        }
        FrameHeader header = frame.header();
        try {
            require(watch).frameArrived();
            server.cluster().requireCurrent(header.epoch());
            dispatch(context, header, frame.payload());
        } catch (TarnException e) {
            context.write(Frame.error(header.requestId(), e));
            if (e.code() == ErrorCode.MALFORMED) {
                context.flush();
                context.close();
            }
        } finally {
            frame.release();
        }
    }

    private void dispatch(ChannelHandlerContext context, FrameHeader header, ByteBuf payload) throws TarnException {
        FileRequests requests = require(files);
        switch (header.type()) {
            case READ -> read(header);
            case WRITE -> require(writes).append(header, payload);
            case PING -> context.write(answer(FrameType.ACK, header));
            case OPEN_READ -> requests.openRead(header, payload);
            case OPEN_WRITE -> require(writes).open(header, payload);
            case FLUSH -> require(writes).flush(header);
            case COMMIT -> require(writes).commit(header);
            case ABORT -> require(writes).abort(header);
            case CLOSE -> close(header.handle());
            case LOAD -> requests.load(header, payload);
            case RESIDENCY -> requests.residency(header);
            case FREE -> requests.free(header, payload);
            case PIN -> requests.pin(header, payload);
            case CHECK -> requests.check(header);
            case EXPORT -> requests.export(header);
            case TAKE -> requests.take(header);
            case OPENED, DATA, ACK, COMMITTED, ERROR, LOADED, RESIDENT, FREED, EXPORTED, CHECKED, PINNED ->
                throw new TarnException(ErrorCode.MALFORMED, header.type() + " is an answer, not a request");
        }
    }

    /** A frame that answers {@code header}, with this worker's epoch. */
    Frame answer(FrameType type, FrameHeader header) {
        return Frame.of(FrameHeader.of(type, header.requestId())
                .withEpoch(server.cluster().epoch()));
    }

    private void read(FrameHeader header) throws TarnException {
        ReadHandle handle = handles.reading(header.handle());
        taken();
        Reads target = require(reads);
        ReadRequest request = new ReadRequest(target, handle, header);
        handle.noteRead(header.offset(), request.lengthBytes(), header.flags());
        target.begin(request);
        target.pump();
        handle.fetchAhead();
    }

    @Override
    public void readEnded(ReadRequest request, @Nullable TarnException failure) {
        if (failure != null && !closed) {
            require(reads).context().write(Frame.error(request.requestId(), failure));
        }
        answered();
    }

    private void close(long handleId) {
        Handle handle = handles.remove(handleId);
        if (handle == null) {
            return;
        }
        handle.close();
        require(reads)
                .fail(
                        request -> request.handle() == handle,
                        new TarnException(ErrorCode.INVALID_ARGUMENT, "the handle was closed while it was read"));
    }

    /** A request is being worked on. */
    void taken() {
        inFlight++;
        server.metrics().requestTaken();
        regulate();
    }

    /** It has been answered. */
    void answered() {
        inFlight--;
        server.metrics().requestAnswered();
        regulate();
    }

    /** Reads from the peer only while there is room for what it sends. */
    void regulate() {
        if (closed) {
            return;
        }
        ChannelHandlerContext context = require(reads).context();
        boolean room = inFlight < server.settings().maxRequests()
                && require(writes).queuedBytes() < server.settings().maxQueued().bytes()
                && context.channel().isWritable();
        if (context.channel().config().isAutoRead() != room) {
            context.channel().config().setAutoRead(room);
        }
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        require(reads).flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        require(watch).writabilityChanged(context.channel().isWritable());
        if (context.channel().isWritable()) {
            require(reads).pump();
            require(reads).flush();
        }
        regulate();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        require(watch).stop();
        handles.closeAll();
        require(reads).fail(request -> true, new TarnException(ErrorCode.UNAVAILABLE, "the connection was closed"));
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof TarnException refused) {
            log.info("closing {}: {}", context.channel().remoteAddress(), refused.getMessage());
            context.writeAndFlush(Frame.error(0, refused));
        } else if (cause instanceof IOException) {
            log.debug("connection to {} broke: {}", context.channel().remoteAddress(), cause.getMessage());
        } else {
            log.warn("closing {} after an unexpected failure", context.channel().remoteAddress(), cause);
        }
        context.close();
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("used before it was added to its channel");
        }
        return part;
    }
}
