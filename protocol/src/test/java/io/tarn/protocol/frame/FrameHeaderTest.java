package io.tarn.protocol.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameHeaderTest {
    @ParameterizedTest
    @EnumSource(FrameType.class)
    void everyTypeSurvivesTheWire(FrameType type) throws TarnException {
        FrameHeader header = new FrameHeader(type, 9, 4096, 1 << 20, Long.MIN_VALUE, 7, -3, Long.MAX_VALUE);
        ByteBuf bytes = Unpooled.buffer();
        header.write(bytes);
        assertEquals(FrameHeader.BYTES, bytes.readableBytes());
        assertEquals(header, FrameHeader.read(bytes));
    }

    @Test
    void randomBytesAreRefusedOrWithinBounds() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[FrameHeader.BYTES];
            random.nextBytes(bytes);
            if (i % 2 == 0) { // past the first checks
                bytes[0] = 0x7A;
                bytes[1] = 0x4E;
                bytes[2] = 1;
                bytes[3] = (byte) random.nextInt(32);
            }
            try {
                FrameHeader header = FrameHeader.read(Unpooled.wrappedBuffer(bytes));
                assertTrue(header.payloadBytes() >= 0 && header.payloadBytes() <= FrameHeader.MAX_PAYLOAD_BYTES);
                assertTrue(header.offset() >= 0);
            } catch (TarnException e) {
                assertEquals(ErrorCode.MALFORMED, e.code());
            }
        }
    }

    @Test
    void aRangeThatIsTooLongIsRefused() {
        ByteBuf bytes = Unpooled.buffer();
        new FrameHeader(FrameType.READ, 0, 0, FrameHeader.MAX_READ_BYTES + 1, 1, 0, 1, 0).write(bytes);
        assertThrows(TarnException.class, () -> FrameHeader.read(bytes));
    }
}
