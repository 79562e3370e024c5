package io.tarn.master.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who connects beyond the bound is closed at once, and let in again when others have gone. */
@Timeout(30)
class ConnectionLimitTest {
    private static final int LIMIT = 16;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void beyondTheBoundConnectionsAreClosed() throws Exception {
        try (RpcSockets sockets = new RpcSockets(LIMIT, meters)) {
            Server server = sockets.builder(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .build()
                    .start();
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                held.add(connect(server));
                awaitOpen(i + 1);
            }
            try (Socket refused = connect(server)) {
                assertEquals(-1, readOrReset(refused));
            }
            for (Socket socket : held) {
                socket.close();
            }
            awaitOpen(0);
            try (Socket admitted = connect(server)) {
                awaitOpen(1);
                assertTrue(admitted.getInputStream().read() >= 0, "the server greets it");
            }
            server.shutdownNow().awaitTermination();
        }
    }

    private static Socket connect(Server server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    }

    private static int readOrReset(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException reset) {
            return -1;
        }
    }

    private void awaitOpen(int connections) {
        while (meters.get("tarn.master.rpc.connections").gauge().value() != connections) {
            Thread.onSpinWait();
        }
    }
}
