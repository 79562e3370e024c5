package io.tarn.benchmarks.raw;

import io.tarn.benchmarks.measure.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The least that a server of ranges can do: over a loopback connection it takes (offset, length) and answers by sendfile. One platform thread a
 * connection. Thread-safe.
 */
public final class SendfileLoop implements AutoCloseable {
    private static final int REQUEST_BYTES = Long.BYTES + Integer.BYTES;

    private final ServerSocketChannel listener;
    private final Path file;

    private SendfileLoop(ServerSocketChannel listener, Path file) {
        this.listener = listener;
        this.file = file;
    }

    public static SendfileLoop start(Path file) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SendfileLoop loop = new SendfileLoop(listener, file);
        Thread.ofPlatform().daemon().name("sendfile-accept").start(loop::accept);
        return loop;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                Thread.ofPlatform().daemon().name("sendfile").start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the loop was closed
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                FileChannel source = FileChannel.open(file)) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_BYTES);
            while (readFully(connection, request)) {
                long offset = request.getLong(0);
                long end = offset + request.getInt(Long.BYTES);
                while (offset < end) {
                    offset += source.transferTo(offset, end - offset, connection);
                }
            }
        } catch (IOException gone) {
            // the reader has closed its end
        }
    }

    /** One reader with a connection of its own, one request after the other. */
    public Operation reader(Offsets offsets, int lengthBytes) throws IOException {
        SocketChannel connection = SocketChannel.open(listener.getLocalAddress());
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_BYTES);
        ByteBuffer answer = ByteBuffer.allocateDirect(lengthBytes);
        return new Operation() {
            @Override
            public long run() throws IOException {
                request.clear().putLong(offsets.next()).putInt(lengthBytes).flip();
                connection.write(request);
                if (!readFully(connection, answer)) {
                    throw new ClosedChannelException();
                }
                return lengthBytes;
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    private static boolean readFully(SocketChannel connection, ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (connection.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
