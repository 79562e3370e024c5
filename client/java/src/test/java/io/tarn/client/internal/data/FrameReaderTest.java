package io.tarn.client.internal.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int LENGTH = 100_000;

    private final byte[] content = new byte[LENGTH];
    private final Map<Long, Exchange> waiting = new HashMap<>();
    private final FrameReader frames = new FrameReader(new Waiting());

    FrameReaderTest() {
        new Random(5).nextBytes(content);
    }

    private final class Waiting implements FrameReader.Requests {
        @Override
        public @Nullable Exchange waiting(long requestId) {
            return waiting.get(requestId);
        }

        @Override
        public void finished(long requestId) {
            waiting.remove(requestId);
        }

        @Override
        public void refused(long requestId, TarnException failure) {
            waiting.remove(requestId);
        }
    }

    /** The header of an answer with all of the content, and the first bytes of it. */
    private ByteBuf begin(int firstBytes) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        ByteBuf wire = Unpooled.buffer();
        FrameHeader.of(FrameType.DATA, 1)
                .withFlags(FrameHeader.LAST)
                .withPayload(LENGTH, (int) crc.getValue())
                .write(wire);
        return wire.writeBytes(content, 0, firstBytes);
    }

    @Test
    void receivesALongPayloadWhereItsReaderWantsIt() throws TarnException {
        ByteBuffer into = ByteBuffer.allocateDirect(LENGTH);
        ReadExchange read = new ReadExchange(7, 0, into, 0);
        waiting.put(1L, read);
        frames.take(begin(1000));
        for (int at = 1000; at < LENGTH; ) {
            int arrived = Math.min(30_000, LENGTH - at);
            ByteBuf place = frames.next();
            if (place == null) {
                place = Unpooled.buffer();
            }
            frames.take(place.writeBytes(content, at, Math.min(arrived, place.maxWritableBytes())));
            at += Math.min(arrived, place.readerIndex());
        }
        assertEquals(LENGTH, read.outcome().getNow(0));
        assertEquals(ByteBuffer.wrap(content), into);
        assertTrue(waiting.isEmpty());
    }

    @Test
    void writesNothingMoreIntoTheBufferOfARequestThatHasFailed() throws TarnException {
        ByteBuffer into = ByteBuffer.allocateDirect(LENGTH);
        waiting.put(1L, new ReadExchange(7, 0, into, 0));
        frames.take(begin(1000));
        assertNotNull(frames.next());
        waiting.clear();
        assertNull(frames.next());
        frames.take(Unpooled.wrappedBuffer(content, 1000, LENGTH - 1000));
        assertEquals(ByteBuffer.allocate(LENGTH - 1000), into.slice(1000, LENGTH - 1000));
        frames.take(begin(LENGTH));
        assertEquals(ByteBuffer.wrap(content, 0, 1000), into.slice(0, 1000));
    }
}
