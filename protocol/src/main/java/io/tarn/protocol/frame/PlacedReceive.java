package io.tarn.protocol.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Has a channel receive its next bytes where whoever takes them apart wants them, so that a payload goes straight from the socket to its place. One per
 * channel; used on its event loop.
 */
public final class PlacedReceive extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int USUAL_BYTES = 32 << 10;
    private static final int READS_IN_A_ROW = 16;

    private final Places places;

    /** Knows where bytes go. */
    public interface Places {
        /**
         * A buffer with room, whose reference passes to the channel, which appends what it receives and hands the same buffer on as a message; null for any
         * buffer.
         */
        @Nullable
        ByteBuf next();
    }

    public PlacedReceive(Places places) {
        super(READS_IN_A_ROW);
        this.places = places;
    }

    @Override
    @SuppressWarnings("deprecation") // what Netty's channels ask for
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return USUAL_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                ByteBuf place = places.next();
                return place == null ? super.allocate(allocator) : place;
            }
        };
    }
}
