package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.tarn.client.TarnClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of peers on every port that say nothing, or a byte now and then: each is cut off, and in a small heap the service goes on meanwhile. */
class SlowPeersTest {
    private static final int PEERS = 300;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String REQUEST = "GET /metrics HTTP/1.1\r\nX: " + "x".repeat(1000);

    @TempDir
    Path directory;

    /** One who sends the bytes of {@code text} one by one. */
    private static final class Peer {
        private final SocketChannel channel;
        private final ByteBuffer text;
        private boolean open = true;

        Peer(SocketAddress address, String text) throws IOException {
            channel = SocketChannel.open(address);
            channel.configureBlocking(false);
            this.text = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** Sends one more byte, and sees whether the other side has closed. */
        boolean isOpenAfterAnotherByte() {
            if (open) {
                try {
                    int limit = text.limit();
                    text.limit(Math.min(limit, text.position() + 1));
                    channel.write(text);
                    text.limit(limit);
                    open = channel.read(ByteBuffer.allocate(4096)) >= 0;
                } catch (IOException e) {
                    open = false;
                }
            }
            return open;
        }
    }

    @Test
    void everyPortCutsThemOffAndServesOthers() throws Exception {
        List<Peer> peers = new ArrayList<>();
        try (MemoryDirectory memory = MemoryDirectory.make();
                StandaloneProcess server = StandaloneProcess.start(
                        directory,
                        memory.path(),
                        List.of(
                                "-Xmx128m",
                                "-XX:MaxDirectMemorySize=128m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-Dsun.net.httpserver.maxReqTime=2"),
                        Map.of("TARN_WORKER_SERVER_FRAME_TIMEOUT", "2s", "TARN_MASTER_RPC_HANDSHAKE_TIMEOUT", "2s"));
                TarnClient client = server.connect()) {
            connect(peers, tcp(server.masterAddress()), PREFACE.substring(0, 20));
            connect(peers, tcp(server.workerAddress()), "zN");
            connect(peers, tcp(server.httpAddress()), REQUEST);
            connect(peers, UnixDomainSocketAddress.of(directory.resolve("worker.sock")), "zN");
            long end = System.nanoTime() + DEADLINE.toNanos();
            for (int round = 0;
                    peers.stream().filter(Peer::isOpenAfterAnotherByte).count() > 0;
                    round++) {
                client.makeDirectory("/round" + round, false, true, 0755);
                assertEquals("ok\n", ready(server));
                if (System.nanoTime() > end) {
                    fail(peers.stream().filter(peer -> peer.open).count() + " slow peers are still connected");
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
            assertTrue(server.isAlive());
        } finally {
            for (Peer peer : peers) {
                peer.channel.close();
            }
        }
    }

    /** Every other one says nothing at all. */
    private static void connect(List<Peer> peers, SocketAddress address, String text) throws IOException {
        for (int i = 0; i < PEERS; i++) {
            peers.add(new Peer(address, i % 2 == 0 ? "" : text));
        }
    }

    private static SocketAddress tcp(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static String ready(StandaloneProcess server) throws IOException {
        try (InputStream in =
                URI.create("http://" + server.httpAddress() + "/ready").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
