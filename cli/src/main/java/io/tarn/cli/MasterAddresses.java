package io.tarn.cli;

import io.tarn.client.ClientOptions;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** The masters that the user named. */
final class MasterAddresses {
    private static final int CONNECT_MILLIS = 3_000;

    private MasterAddresses() {}

    /** Parses "host", "host:port" or several of them; the port is 9650 where none is given. */
    static List<String> parse(String text) throws TarnException {
        List<String> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String address = part.strip();
            int colon = address.lastIndexOf(':');
            boolean bareIpv6 = address.startsWith("[") && address.endsWith("]");
            String full = colon < 0 || bareIpv6 ? address + ":" + ClientOptions.DEFAULT_MASTER_PORT : address;
            if (!isHostAndPort(full)) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "\"" + address + "\" is no address of a master; write HOST:PORT, for instance localhost:9650");
            }
            addresses.add(full);
        }
        return addresses;
    }

    /** Fails at once where nobody listens, rather than after the retries that a cluster in a failover needs. */
    static void requireListener(List<String> addresses) throws TarnException {
        IOException last = null;
        for (String address : addresses) {
            int colon = address.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                String host = address.substring(0, colon);
                socket.connect(
                        new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new TarnException(
                ErrorCode.UNAVAILABLE,
                "no master answers at " + String.join(", ", addresses)
                        + "; start one with \"tarn standalone\", or say where it is with --master or TARN_MASTER",
                last);
    }

    private static boolean isHostAndPort(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return colon > 0 && port > 0 && port <= 65535 && !address.contains("/") && !address.contains(" ");
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
