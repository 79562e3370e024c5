package io.tarn.worker.server;

import static io.tarn.worker.server.ServerFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import io.tarn.protocol.frame.FrameDecoder;
import io.tarn.protocol.frame.FrameEncoder;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.ExportedFile;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.ReadType;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descriptors of wholly cached files pass through the Unix socket, and stay good whatever the cache does. */
@Timeout(60)
class DescriptorTest {
    private final byte[] content = StoreProbe.bytes(3 * MIB + 99, 1);
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private ServerFixture fixture;
    private StoreStatus status;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
        status = fixture.probe.put("file", content);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void aDescriptorReadsTheFileEvenAfterItsDeletion() throws Exception {
        assumeTrue(Epoll.isAvailable(), "descriptors need epoll");
        try (RawClient client = fixture.connect()) {
            client.read(client.openRead(fixture.ticket(status), ReadType.CACHE), 0, content.length);
        }
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel channel = connect(loops);
            byte[] open = OpenRead.newBuilder()
                    .setTicket(fixture.ticket(status))
                    .build()
                    .toByteArray();
            long handle = call(channel, Frame.of(FrameHeader.of(FrameType.OPEN_READ, 1), open))
                    .header()
                    .handle();
            Frame exported =
                    call(channel, Frame.of(FrameHeader.of(FrameType.EXPORT, 2).at(handle, 0)));
            assertEquals(FrameType.EXPORTED, exported.header().type());
            ExportedFile file = ExportedFile.parseFrom(exported.payload().nioBuffer());
            assertEquals(1, file.getSegments());

            ((EpollDomainSocketChannel) channel).config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
            channel.writeAndFlush(Frame.of(FrameHeader.of(FrameType.TAKE, 3).at(handle, 0)));
            FileDescriptor descriptor = (FileDescriptor) next();
            fixture.pages.delete(ServerFixture.version(status));
            Path path = Path.of("/proc/self/fd/" + descriptor.intValue());
            assertArrayEquals(content, Files.readAllBytes(path));
            descriptor.close();

            ((EpollDomainSocketChannel) channel).config().setReadMode(DomainSocketReadMode.BYTES);
            assertEquals(
                    FrameType.ACK,
                    call(channel, Frame.of(FrameHeader.of(FrameType.PING, 4)))
                            .header()
                            .type());
            channel.close().sync();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private Channel connect(EventLoopGroup loops) throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(EpollDomainSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FrameEncoder(), new FrameDecoder(0), new Collector());
                    }
                })
                .connect(new DomainSocketAddress(fixture.socket().toString()))
                .sync()
                .channel();
    }

    private Frame call(Channel channel, Frame request) throws Exception {
        channel.writeAndFlush(request);
        Frame answer = (Frame) next();
        if (answer.header().type() == FrameType.ERROR) {
            throw answer.toException();
        }
        return answer;
    }

    private Object next() throws InterruptedException {
        Object next = received.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("the worker did not answer");
        }
        return next;
    }

    @Test
    void onlyWhollyCachedFilesAndOnlyOnTheUnixSocket() throws IOException {
        try (RawClient tcp = fixture.connect();
                RawClient local = fixture.connectSocket()) {
            long remote = tcp.openRead(fixture.ticket(status), ReadType.CACHE);
            assertEquals(
                    ErrorCode.UNSUPPORTED,
                    assertThrows(TarnException.class, () -> tcp.about(FrameType.EXPORT, remote, 0))
                            .code());
            long handle = local.openRead(fixture.ticket(status), ReadType.CACHE);
            assertEquals(
                    ErrorCode.NOT_FOUND,
                    assertThrows(TarnException.class, () -> local.about(FrameType.EXPORT, handle, 0))
                            .code());
        }
    }

    /** Keeps what arrives. */
    private final class Collector extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received.add(message);
        }
    }
}
