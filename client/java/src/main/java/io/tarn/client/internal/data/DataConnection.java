package io.tarn.client.internal.data;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.tarn.client.internal.call.Failures;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.frame.PlacedReceive;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a worker, on which requests are pipelined and answered in any order. At most {@link #MAX_IN_FLIGHT} are on the wire; more wait their turn,
 * at most {@link #MAX_WAITING}. Public methods are thread-safe; all else runs on the channel's event loop.
 */
public final class DataConnection extends ChannelInboundHandlerAdapter {
    static final int MAX_IN_FLIGHT = 256;
    static final int MAX_WAITING = 16_384;

    private final Endpoint endpoint;
    private final Channel channel;
    private final FrameReader frames;
    private final LongObjectMap<Exchange> inFlight = new LongObjectHashMap<>();
    private final Queue<Exchange> waiting = new ArrayDeque<>();
    private final AtomicInteger load = new AtomicInteger();
    private long nextRequestId = 1;
    private boolean pinged;
    private @Nullable Future<?> sweep;
    private @Nullable TarnException closedBy;
    private @Nullable CompletableFuture<FileDescriptor> descriptor;

    DataConnection(Endpoint endpoint, Channel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.frames = new FrameReader(new Answers());
        channel.config().setRecvByteBufAllocator(new PlacedReceive(frames));
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /** Requests that wait for an answer. */
    int load() {
        return load.get();
    }

    /** Sends a request; it fails with TIMEOUT when it is not answered whole in time. */
    public void send(Exchange exchange, long timeoutMillis) {
        load.incrementAndGet();
        exchange.endAt(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        if (channel.eventLoop().inEventLoop()) {
            enqueue(exchange);
        } else if (!onEventLoop(() -> enqueue(exchange))) {
            refuse(exchange, lost("the client is closed"));
        }
    }

    /** Gives up a request that was sent: it fails with {@code reason}, where it has not ended yet, and its answer is dropped when it comes. */
    public void cancel(Exchange exchange, TarnException reason) {
        onEventLoop(() -> {
            if (inFlight.values().remove(exchange)) {
                fail(exchange, reason);
                sendWaiting();
            } else if (waiting.remove(exchange)) {
                refuse(exchange, reason);
            }
        });
    }

    /** Sends what is not answered. */
    public void tell(FrameHeader header) {
        if (channel.isActive()) {
            channel.writeAndFlush(encode(header), channel.voidPromise());
        }
    }

    /** Closes the connection; all that is under way fails with {@code reason}. */
    public void close(TarnException reason) {
        onEventLoop(() -> closeNow(reason));
    }

    private boolean onEventLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** Asks for one descriptor of an exported file. Nothing else may be under way on this connection meanwhile. */
    CompletableFuture<FileDescriptor> takeDescriptor(long handle, int segment, long timeoutMillis) {
        CompletableFuture<FileDescriptor> taken = new CompletableFuture<>();
        channel.eventLoop().execute(() -> {
            if (!(channel instanceof EpollDomainSocketChannel unixChannel)
                    || !inFlight.isEmpty()
                    || descriptor != null) {
                taken.completeExceptionally(
                        new TarnException(ErrorCode.UNSUPPORTED, "no descriptors over " + endpoint));
                return;
            }
            descriptor = taken;
            unixChannel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
            FrameHeader take = FrameHeader.of(FrameType.TAKE, nextRequestId++)
                    .withPayload(0, segment)
                    .at(handle, 0);
            channel.writeAndFlush(encode(take), channel.voidPromise());
            var unused =
                    channel.eventLoop().schedule(() -> lateDescriptor(taken), timeoutMillis, TimeUnit.MILLISECONDS);
        });
        return taken;
    }

    private void lateDescriptor(CompletableFuture<FileDescriptor> taken) {
        if (!taken.isDone()) {
            closeNow(new TarnException(ErrorCode.TIMEOUT, "no descriptor came from " + endpoint));
        }
    }

    private void enqueue(Exchange exchange) {
        TarnException closed = closedBy;
        if (closed != null || !channel.isActive()) {
            refuse(exchange, closed != null ? closed : lost("not connected"));
        } else if (inFlight.size() < MAX_IN_FLIGHT) {
            put(exchange);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(exchange);
        } else {
            refuse(exchange, new TarnException(ErrorCode.BUSY, "too many requests wait for worker " + endpoint));
        }
    }

    private void put(Exchange exchange) {
        long requestId = nextRequestId++;
        inFlight.put(requestId, exchange);
        ByteBuf payload = exchange.payload();
        ByteBuf head = encode(exchange.header().numbered(requestId, payload.readableBytes()));
        if (payload.isReadable()) {
            channel.write(head, channel.voidPromise());
            channel.writeAndFlush(payload, channel.voidPromise());
        } else {
            channel.writeAndFlush(head, channel.voidPromise());
        }
    }

    /** Gives up what was not answered in time; run every second, since a timer for each request would outlive it by far. */
    private void giveUpLate() {
        long now = System.nanoTime();
        List<Long> late = new ArrayList<>();
        inFlight.forEach((requestId, exchange) -> {
            if (exchange.isLate(now)) {
                late.add(requestId);
            }
        });
        for (long requestId : late) {
            Exchange exchange = inFlight.remove(requestId);
            fail(exchange, new TarnException(ErrorCode.TIMEOUT, "worker " + endpoint + " did not answer in time"));
        }
        sendWaiting();
    }

    private ByteBuf encode(FrameHeader header) {
        ByteBuf out = channel.alloc().directBuffer(FrameHeader.BYTES);
        header.write(out);
        return out;
    }

    private void sendWaiting() {
        while (inFlight.size() < MAX_IN_FLIGHT) {
            Exchange next = waiting.poll();
            if (next == null) {
                return;
            }
            put(next);
        }
    }

    /** Fails what was never sent. */
    private void refuse(Exchange exchange, TarnException failure) {
        exchange.payload().release();
        fail(exchange, failure);
    }

    private void fail(Exchange exchange, TarnException failure) {
        load.decrementAndGet();
        exchange.failed(failure);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        sweep = channel.eventLoop().scheduleWithFixedDelay(this::giveUpLate, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        pinged = false;
        if (message instanceof FileDescriptor received) {
            receiveDescriptor(received);
            return;
        }
        ByteBuf bytes = (ByteBuf) message;
        try {
            frames.take(bytes);
        } catch (TarnException e) {
            closeNow(e);
        } finally {
            bytes.release();
        }
    }

    private void receiveDescriptor(FileDescriptor received) {
        CompletableFuture<FileDescriptor> taker = descriptor;
        descriptor = null;
        ((EpollDomainSocketChannel) channel).config().setReadMode(DomainSocketReadMode.BYTES);
        if (taker == null || !taker.complete(received)) {
            Descriptors.close(received);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof IdleStateEvent idle)) {
            context.fireUserEventTriggered(event);
        } else if (idle.state() == IdleState.READER_IDLE && !inFlight.isEmpty()) {
            pingOrGiveUp();
        } else if (idle.state() == IdleState.ALL_IDLE && inFlight.isEmpty()) {
            closeNow(lost("it was idle"));
        }
    }

    private void pingOrGiveUp() {
        if (pinged) {
            closeNow(lost("it went silent"));
        } else {
            pinged = true;
            channel.writeAndFlush(encode(FrameHeader.of(FrameType.PING, nextRequestId++)), channel.voidPromise());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        closeNow(lost(String.valueOf(Failures.of(cause).getMessage())));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closeNow(lost("it was closed"));
    }

    private TarnException lost(String why) {
        return new TarnException(ErrorCode.UNAVAILABLE, "lost the connection to worker " + endpoint + ": " + why);
    }

    private void closeNow(TarnException reason) {
        if (closedBy != null) {
            return;
        }
        closedBy = reason;
        channel.close();
        if (sweep != null) {
            sweep.cancel(false);
        }
        List<Exchange> all = new ArrayList<>(inFlight.values());
        inFlight.clear();
        all.forEach(each -> fail(each, reason));
        for (Exchange next = waiting.poll(); next != null; next = waiting.poll()) {
            refuse(next, reason);
        }
        CompletableFuture<FileDescriptor> taker = descriptor;
        if (taker != null) {
            taker.completeExceptionally(reason);
        }
    }

    private final class Answers implements FrameReader.Requests {
        @Override
        public @Nullable Exchange waiting(long requestId) {
            return inFlight.get(requestId);
        }

        @Override
        public void finished(long requestId) {
            inFlight.remove(requestId);
            load.decrementAndGet();
            sendWaiting();
        }

        @Override
        public void refused(long requestId, TarnException failure) {
            Exchange exchange = inFlight.remove(requestId);
            if (exchange != null) {
                fail(exchange, failure);
            }
            sendWaiting();
        }
    }
}
