package io.tarn.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Passes connections on to a server, and breaks their answers as long as it is told to. Thread-safe. */
final class BrokenLink implements AutoCloseable {
    /** What becomes of an answer. */
    enum Fault {
        NONE,
        /** 503 SlowDown in place of any answer. */
        REFUSE,
        /** Reset in the middle. */
        RESET,
        /** Nothing more comes, and nothing closes. */
        STALL,
        /** Ends in the middle, in good order. */
        CUT
    }

    private static final int WHOLE_BYTES = 300_000;
    private static final byte[] REFUSAL = "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final URI server;
    private volatile Fault fault = Fault.NONE;

    BrokenLink(URI server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    void use(Fault next) {
        fault = next;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket upstream = new Socket(server.getHost(), server.getPort());
                sockets.add(client);
                sockets.add(upstream);
                Thread.ofVirtual().start(() -> pass(client, upstream, false));
                Thread.ofVirtual().start(() -> pass(upstream, client, true));
            }
        } catch (IOException closed) {
            closeAll();
        }
    }

    private void pass(Socket from, Socket to, boolean answers) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 << 10];
            Fault seen = Fault.NONE;
            long passed = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                Fault now = answers ? fault : Fault.NONE;
                passed = now == seen ? passed + count : count;
                seen = now;
                if (now == Fault.REFUSE) {
                    out.write(REFUSAL);
                    return;
                }
                if (now != Fault.NONE && passed > WHOLE_BYTES) {
                    if (now == Fault.STALL) {
                        continue;
                    }
                    if (now == Fault.RESET) {
                        to.setSoLinger(true, 0);
                    }
                    return;
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException broken) {
            // One side has gone: the other is closed too.
        }
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException closed) {
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeAll();
    }
}
