package io.tarn.client.internal;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.OpenWrite;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WorkerAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** A worker that keeps files in memory and misbehaves as told. One thread a connection. */
final class FaultyWorker implements AutoCloseable {
    /** What happens to a request. */
    enum Fault {
        NONE,
        FLIP_BYTE,
        DROP_CONNECTION,
        SEND_GARBAGE,
        SAY_BUSY,
        SAY_EXPIRED,
        SAY_NO_SPACE,
        KEEP_SILENT,
        /** Half of the bytes come, and nothing more. */
        STOP_HALFWAY
    }

    private static final int DATA_BYTES = 64 << 10;

    final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    final List<OpenRead> opens = new CopyOnWriteArrayList<>();
    final AtomicInteger aborts = new AtomicInteger();
    volatile Function<FrameHeader, Fault> faults = header -> Fault.NONE;
    private final ServerSocket server;

    FaultyWorker() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    WorkerAddress address() {
        return WorkerAddress.newBuilder()
                .setWorkerId(server.getLocalPort())
                .setHost(server.getInetAddress().getHostAddress())
                .setDataPort(server.getLocalPort())
                .build();
    }

    byte[] content(String path) {
        return requireNonNull(contents.get(path));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty-worker");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Session session = new Session(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                FrameHeader header = FrameHeader.read(Unpooled.wrappedBuffer(in.readNBytes(FrameHeader.BYTES)));
                byte[] payload = in.readNBytes(header.payloadBytes());
                if (!session.answer(header, payload)) {
                    return;
                }
            }
        } catch (IOException | IndexOutOfBoundsException closed) {
            // The client is gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private final class Session {
        private final OutputStream out;
        private final Map<Long, String> paths = new HashMap<>();
        private final Map<Long, ByteArrayOutputStream> written = new HashMap<>();
        private long lastHandle;

        Session(OutputStream out) {
            this.out = out;
        }

        boolean answer(FrameHeader header, byte[] payload) throws IOException {
            Fault fault = faults.apply(header);
            switch (fault) {
                case DROP_CONNECTION -> {
                    return false;
                }
                case SEND_GARBAGE -> out.write(new byte[1000]);
                case SAY_BUSY -> error(header, ErrorCode.BUSY);
                case SAY_EXPIRED -> error(header, ErrorCode.TICKET_EXPIRED);
                case SAY_NO_SPACE -> error(header, ErrorCode.NO_SPACE);
                case KEEP_SILENT -> {}
                case NONE, FLIP_BYTE, STOP_HALFWAY -> serve(header, payload, fault);
            }
            return true;
        }

        private void serve(FrameHeader header, byte[] payload, Fault fault) throws IOException {
            switch (header.type()) {
                case OPEN_READ -> openRead(header, OpenRead.parseFrom(payload));
                case OPEN_WRITE -> openWrite(header, OpenWrite.parseFrom(payload));
                case READ -> read(header, fault);
                case WRITE -> write(header, payload);
                case FLUSH, PING -> send(reply(header, FrameType.ACK), new byte[0]);
                case ABORT -> {
                    aborts.incrementAndGet();
                    send(reply(header, FrameType.ACK), new byte[0]);
                }
                case COMMIT -> commit(header);
                case CLOSE -> {}
                default -> error(header, ErrorCode.UNSUPPORTED);
            }
        }

        private void openRead(FrameHeader header, OpenRead request) throws IOException {
            opens.add(request);
            open(header, Ticket.parseFrom(request.getTicket().getTicket()));
        }

        private void openWrite(FrameHeader header, OpenWrite request) throws IOException {
            open(header, Ticket.parseFrom(request.getTicket().getTicket()));
            if (request.hasBaseTicket()) {
                file(header.at(lastHandle, 0)).write(content("/base"), 0, (int) request.getBaseLengthBytes());
            }
        }

        private void open(FrameHeader header, Ticket ticket) throws IOException {
            paths.put(++lastHandle, ticket.getPath());
            written.put(lastHandle, new ByteArrayOutputStream());
            send(reply(header, FrameType.OPENED).at(lastHandle, 0), new byte[0]);
        }

        private void read(FrameHeader header, Fault fault) throws IOException {
            reads.incrementAndGet();
            byte[] content = contents.get(path(header));
            if (content == null) {
                error(header, ErrorCode.NOT_FOUND);
                return;
            }
            int start = (int) Math.min(header.offset(), content.length);
            int end = (int) Math.min(header.offset() + header.argument(), content.length);
            int at = start;
            do {
                int count = Math.min(DATA_BYTES, end - at);
                byte[] data = Arrays.copyOfRange(content, at, at + count);
                CRC32C crc = new CRC32C();
                crc.update(data);
                if (fault == Fault.FLIP_BYTE) {
                    data[count / 2] ^= 1;
                }
                FrameHeader answer = reply(header, FrameType.DATA)
                        .withPayload(count, (int) crc.getValue())
                        .at(0, at)
                        .withFlags(at + count == end ? FrameHeader.LAST : 0);
                send(answer, data);
                at += count;
            } while (at < (fault == Fault.STOP_HALFWAY ? start + (end - start) / 2 : end));
        }

        private void write(FrameHeader header, byte[] payload) throws IOException {
            CRC32C crc = new CRC32C();
            crc.update(payload);
            ByteArrayOutputStream file = file(header);
            if ((int) crc.getValue() != header.argument() || file.size() != header.offset()) {
                error(header, ErrorCode.CORRUPT);
                return;
            }
            file.write(payload);
            send(reply(header, FrameType.ACK).at(0, file.size()), new byte[0]);
        }

        private void commit(FrameHeader header) throws IOException {
            byte[] content = file(header).toByteArray();
            if (content.length != header.offset()) {
                error(header, ErrorCode.INVALID_ARGUMENT);
                return;
            }
            contents.put(path(header), content);
            send(
                    reply(header, FrameType.COMMITTED),
                    SignedReceipt.getDefaultInstance().toByteArray());
        }

        private String path(FrameHeader header) {
            return requireNonNull(paths.get(header.handle()));
        }

        private ByteArrayOutputStream file(FrameHeader header) {
            return requireNonNull(written.get(header.handle()));
        }

        private FrameHeader reply(FrameHeader request, FrameType type) {
            return FrameHeader.of(type, request.requestId());
        }

        private void error(FrameHeader header, ErrorCode code) throws IOException {
            byte[] message = ("told to say " + code).getBytes(StandardCharsets.UTF_8);
            send(reply(header, FrameType.ERROR).withPayload(message.length, code.number()), message);
        }

        private void send(FrameHeader header, byte[] payload) throws IOException {
            ByteBuf bytes = Unpooled.buffer();
            header.withPayload(payload.length, header.argument()).write(bytes);
            bytes.writeBytes(payload);
            out.write(bytes.array(), 0, bytes.readableBytes());
        }
    }
}
