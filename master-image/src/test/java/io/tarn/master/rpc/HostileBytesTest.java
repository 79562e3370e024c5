package io.tarn.master.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tarn.master.MasterFixture;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.v1.*;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes to the port, the next caller is served. */
class HostileBytesTest {
    @TempDir
    Path directory;

    private MasterFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new MasterFixture(directory.resolve("master"), UnderStores.load());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void garbageClosesItsConnectionOnly() throws IOException {
        Random random = new Random(42);
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 12; i++) {
            byte[] garbage = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(garbage);
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), fixture.master().port())) {
                socket.setSoTimeout(20_000);
                OutputStream out = socket.getOutputStream();
                if (i % 2 == 0) {
                    out.write(preface);
                }
                sendAndDrain(socket, out, garbage);
            }
        }
        fixture.mkdir("/alive");
        assertEquals(List.of("/alive"), fixture.list("/"));
    }

    private static void sendAndDrain(Socket socket, OutputStream out, byte[] garbage) {
        try {
            out.write(garbage);
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            assertTrue(in.transferTo(OutputStream.nullOutputStream()) < 1 << 20);
        } catch (IOException closedByServer) {
            assertTrue(closedByServer.getMessage() != null);
        }
    }

    @Test
    void idleConnectionsDoNotKeepOthersOut() throws IOException {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), fixture.master().port());
            socket.getOutputStream().write('P');
            idle.add(socket);
        }
        fixture.mkdir("/alive");
        assertEquals(List.of("/alive"), fixture.list("/"));
        for (Socket socket : idle) {
            socket.close();
        }
    }

    @Test
    void callsThatMeanNothingAreRefused() {
        FileSystemServiceGrpc.FileSystemServiceBlockingStub files = fixture.files();
        assertEquals(
                ErrorCode.UNAUTHENTICATED,
                MasterFixture.codeOf(() -> files.getStatus(GetStatusRequest.getDefaultInstance())));
        for (String path : List.of("", "relative", "/a/../b", "/a/./b", "/\0")) {
            assertEquals(
                    ErrorCode.INVALID_ARGUMENT,
                    MasterFixture.codeOf(() -> fixture.mkdir(path)),
                    "path of " + path.length() + " characters");
        }
        assertEquals(
                ErrorCode.PERMISSION_DENIED,
                MasterFixture.codeOf(() -> files.complete(CompleteRequest.newBuilder()
                        .setCaller(fixture.caller())
                        .setFileId(-5)
                        .setReceipt(SignedReceipt.newBuilder()
                                .setReceipt(ByteString.copyFromUtf8("forged"))
                                .setSignature(ByteString.copyFromUtf8("forged")))
                        .build())));
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                MasterFixture.codeOf(() -> fixture.worker().register(RegisterRequest.getDefaultInstance())));
        assertTrue(fixture.worker()
                .heartbeat(HeartbeatRequest.newBuilder().setWorkerId(123).build())
                .getRegisterAgain());
    }

    @Test
    void aCallThatIsTooLargeIsRefused() {
        MakeDirectoryRequest huge = MakeDirectoryRequest.newBuilder()
                .setCaller(fixture.caller())
                .setPath("/" + "x".repeat(8 << 20))
                .build();
        assertEquals(
                ErrorCode.TOO_LARGE, MasterFixture.codeOf(() -> fixture.files().makeDirectory(huge)));
        fixture.mkdir("/alive");
    }
}
