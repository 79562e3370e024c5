package io.tarn.client.internal.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.tarn.protocol.master.MasterAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MasterChannelsTest {
    private volatile List<MasterAddress> known = addresses("10.0.0.1", "10.0.0.2");

    private static List<MasterAddress> addresses(String... hosts) {
        return Stream.of(hosts).map(MasterAddress::parse).toList();
    }

    /** Connects when it is first called, which it is not. */
    private static ManagedChannel unconnected(MasterAddress address) {
        return NettyChannelBuilder.forAddress(address.host(), address.port()).build();
    }

    @Test
    void eachIsAskedInTurnAndOnlyWhoHasJustAskedOneMovesOn() {
        try (MasterChannels masters =
                new MasterChannels(() -> known, MasterChannelsTest::unconnected, Duration.ofHours(1))) {
            MasterChannels.Master first = masters.current();
            masters.moveOn(first);
            MasterChannels.Master second = masters.current();
            assertEquals("10.0.0.2:9650", second.address().toString());
            masters.moveOn(first);
            assertSame(second, masters.current(), "another caller has moved on already");
            masters.moveOn(second);
            assertSame(first, masters.current());
        }
    }

    @Test
    void afterARoundItIsLookedUpWhoTheyAre() {
        try (MasterChannels masters = new MasterChannels(() -> known, MasterChannelsTest::unconnected, Duration.ZERO)) {
            MasterChannels.Master first = masters.current();
            masters.moveOn(first);
            MasterChannels.Master second = masters.current();
            known = addresses("10.0.0.2", "10.0.0.3", "10.0.0.4");
            masters.moveOn(second);
            while (!first.channel().isShutdown()) {
                Thread.onSpinWait();
            }
            assertEquals(3, masters.count());
            assertSame(second, masters.current(), "its channel is kept");
            assertFalse(second.channel().isShutdown());
        }
    }
}
