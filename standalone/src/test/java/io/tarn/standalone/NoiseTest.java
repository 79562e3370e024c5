package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random bytes on every port: connections are closed, the service goes on. */
class NoiseTest {
    private static final int ROUNDS = 40;

    @TempDir
    static Path directory;

    private static RunningCache cache;

    @BeforeAll
    static void start() throws IOException {
        cache = new RunningCache(directory.resolve("data"));
        assertEquals(0, cache.tarn(new byte[100], "fs", "put", "-", "/file").status());
    }

    @AfterAll
    static void stop() {
        cache.close();
    }

    @Test
    void onTcpPorts() throws IOException {
        for (String address : new String[] {
            cache.server().masterAddress(),
            cache.server().workerAddress(),
            cache.server().httpAddress()
        }) {
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            for (int round = 0; round < ROUNDS; round++) {
                try (Socket socket = new Socket("localhost", port)) {
                    socket.getOutputStream().write(noise(round));
                } catch (IOException e) {
                    assertCutOff(e);
                }
            }
            assertEquals(100, cache.tarn("fs", "cat", "/file").bytes().length, "after noise on " + address);
        }
    }

    @Test
    void onTheUnixSocket() throws IOException {
        Path path = directory.resolve("data/worker.sock");
        assertTrue(Files.exists(path), "the worker listens at " + path);
        for (int round = 0; round < ROUNDS; round++) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(path));
                channel.write(ByteBuffer.wrap(noise(round)));
            } catch (IOException e) {
                assertCutOff(e);
            }
        }
        assertEquals(100, cache.tarn("fs", "cat", "/file").bytes().length);
    }

    private static void assertCutOff(IOException e) {
        assertTrue(String.valueOf(e.getMessage()).matches("(?i).*(reset|broken pipe|closed).*"), e.toString());
    }

    /** Every other round begins like a frame of the data plane, with a huge length after it. */
    private static byte[] noise(int round) {
        Random random = new Random(round);
        byte[] bytes = new byte[random.nextInt(64 << 10) + 1];
        random.nextBytes(bytes);
        if (round % 2 == 0 && bytes.length > 12) {
            ByteBuffer.wrap(bytes)
                    .putShort((short) 0x7A4E)
                    .put((byte) 1)
                    .put((byte) (round % 24))
                    .putInt(8, Integer.MAX_VALUE);
        }
        return bytes;
    }
}
