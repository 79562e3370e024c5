package io.tarn.protocol.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MasterNamesTest {
    private static final Map<String, List<String>> KNOWN = Map.of(
            "one", List.of("10.0.0.1"),
            "headless", List.of("10.0.0.1", "10.0.0.2", "10.0.0.3"),
            "both-families", List.of("127.0.0.1", "::1"),
            "six", List.of("fd00::1", "fd00::2", "10.0.0.9"));

    private static List<String> lookUp(String... names) {
        MasterNames masters =
                new MasterNames(Stream.of(names).map(MasterAddress::parse).toList(), MasterNamesTest::addresses);
        return masters.lookUp().stream().map(MasterAddress::toString).toList();
    }

    private static InetAddress[] addresses(String host) throws UnknownHostException {
        List<String> known = KNOWN.get(host);
        if (known == null) {
            throw new UnknownHostException(host);
        }
        InetAddress[] addresses = new InetAddress[known.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = InetAddress.getByName(known.get(i));
        }
        return addresses;
    }

    @Test
    void aNameWithSeveralAddressesStandsForAMasterAtEach() {
        assertEquals(List.of("10.0.0.1:9650", "10.0.0.2:9650", "10.0.0.3:9650"), lookUp("headless"));
        assertEquals(
                List.of("one:7", "10.0.0.1:9650", "10.0.0.2:9650", "10.0.0.3:9650"),
                lookUp("one:7", "headless", "headless:9650"));
    }

    @Test
    void anyOtherNameStandsForItself() {
        assertEquals(List.of("one:9650", "unknown:1"), lookUp("one", "unknown:1"));
        assertEquals(List.of("both-families:9650"), lookUp("both-families"));
    }

    @Test
    void addressesOfTheLaterProtocolHaveBrackets() {
        assertEquals(List.of("[fd00:0:0:0:0:0:0:1]:9650", "[fd00:0:0:0:0:0:0:2]:9650"), lookUp("six"));
    }
}
