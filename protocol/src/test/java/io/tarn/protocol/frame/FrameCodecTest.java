package io.tarn.protocol.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private final Random random = new Random(7);

    @Test
    void framesSurviveAnyCutting() {
        byte[][] payloads = {{}, bytes(1), bytes(8 << 10), bytes(70_000), bytes((1 << 20) + 3), {}, bytes(300)};
        ByteBuf wire = Unpooled.buffer();
        for (int i = 0; i < payloads.length; i++) {
            wire.writeBytes(encoded(i, payloads[i]));
        }
        for (int longest : new int[] {1 << 22, 100_000, 4096, 49, 7}) {
            EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(1000));
            ByteBuf rest = wire.duplicate();
            while (rest.isReadable()) {
                int cut = Math.min(rest.readableBytes(), 1 + random.nextInt(longest));
                channel.writeInbound(Unpooled.copiedBuffer(rest.readSlice(cut)));
            }
            for (int i = 0; i < payloads.length; i++) {
                Frame frame = channel.readInbound();
                assertNotNull(frame);
                assertEquals(
                        new FrameHeader(FrameType.WRITE, 2, payloads[i].length, -5, i, 3, 4, 1L << 40), frame.header());
                assertEquals(Unpooled.wrappedBuffer(payloads[i]), frame.payload());
                frame.release();
            }
            assertFalse(channel.finish());
        }
    }

    @Test
    void theRestOfALongPayloadIsReceivedInItsPlace() {
        byte[] payload = bytes((1 << 20) + 3);
        FrameDecoder decoder = new FrameDecoder(1000);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        ByteBuf wire = encoded(1, payload);
        assertNull(decoder.next());
        channel.writeInbound(wire.readBytes(40_000));
        while (wire.isReadable()) {
            ByteBuf place = decoder.next();
            assertNotNull(place);
            place.writeBytes(wire, Math.min(wire.readableBytes(), Math.min(place.writableBytes(), 300_000)));
            channel.writeInbound(place);
        }
        Frame frame = channel.readInbound();
        assertEquals(Unpooled.wrappedBuffer(payload), frame.payload());
        frame.release();
        assertEquals(0, frame.refCnt());
        assertNull(decoder.next());
        assertFalse(channel.finish());
    }

    @Test
    void bytesThatAreNoFrameCloseTheConnection() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(1000));
        TarnException failure =
                assertThrows(TarnException.class, () -> channel.writeInbound(Unpooled.wrappedBuffer(bytes(500))));
        assertEquals(ErrorCode.MALFORMED, failure.code());
        assertFalse(channel.isOpen());
    }

    @Test
    void aHugeLengthIsRefusedBeforeAnythingIsAllocated() {
        ByteBuf wire = encoded(1, new byte[0]);
        wire.setInt(8, Integer.MAX_VALUE);
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(1000));
        assertEquals(
                ErrorCode.MALFORMED,
                assertThrows(TarnException.class, () -> channel.writeInbound(wire))
                        .code());
    }

    @Test
    void anAnnouncedPayloadCostsLittleBeforeItArrives() {
        CountingAllocator allocator = new CountingAllocator();
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(1000));
        channel.config().setAllocator(allocator);
        ByteBuf wire = encoded(1, new byte[0]);
        wire.setInt(8, FrameHeader.MAX_PAYLOAD_BYTES);
        channel.writeInbound(wire, Unpooled.wrappedBuffer(bytes(1000)));
        assertTrue(allocator.largest <= 64 << 10, () -> "allocated " + allocator.largest);
        channel.finishAndReleaseAll();
    }

    @Test
    void aSlowFrameTimesOutAndAnIdleConnectionDoesNot() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(1000));
        channel.freezeTime();
        channel.writeInbound(encoded(1, bytes(10)));
        channel.advanceTimeBy(1, TimeUnit.HOURS);
        channel.runScheduledPendingTasks();
        assertTrue(channel.isOpen());
        channel.writeInbound(encoded(2, bytes(10)).slice(0, 50));
        channel.advanceTimeBy(1001, TimeUnit.MILLISECONDS);
        TarnException failure = assertThrows(TarnException.class, () -> {
            channel.runScheduledPendingTasks();
            channel.checkException();
        });
        assertEquals(ErrorCode.TIMEOUT, failure.code());
        assertFalse(channel.isOpen());
        channel.releaseInbound();
    }

    @Test
    void anErrorFrameCarriesCodeMessageAndDelay() {
        Frame frame = Frame.error(9, new TarnException(ErrorCode.BUSY, "too many – wait", null, 250));
        TarnException read = frame.toException();
        assertEquals(ErrorCode.BUSY, read.code());
        assertEquals("too many – wait", read.getMessage());
        assertEquals(250, read.retryAfterMillis());
        frame.release();
    }

    private ByteBuf encoded(long requestId, byte[] payload) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
        FrameHeader header = new FrameHeader(FrameType.WRITE, 2, payload.length, -5, requestId, 3, 4, 1L << 40);
        channel.writeOutbound(new Frame(header, Unpooled.wrappedBuffer(payload)));
        ByteBuf wire = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            wire.writeBytes(part);
            part.release();
        }
        channel.finish();
        return wire;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Notes the largest buffer asked for. */
    private static final class CountingAllocator extends io.netty.buffer.AbstractByteBufAllocator {
        private int largest;

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            largest = Math.max(largest, initialCapacity);
            return ByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            largest = Math.max(largest, initialCapacity);
            return ByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
