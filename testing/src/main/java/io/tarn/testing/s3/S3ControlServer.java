package io.tarn.testing.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Lets another process read and reset an {@link EmbeddedS3}'s counters, change its shape and make buckets: plain HTTP on a loopback port of its own, so
 * that asking is not counted. Thread-safe.
 */
final class S3ControlServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    private final HttpServer server;
    private final EmbeddedS3 s3;

    private S3ControlServer(HttpServer server, EmbeddedS3 s3) {
        this.server = server;
        this.s3 = s3;
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    static S3ControlServer start(EmbeddedS3 s3) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        S3ControlServer control = new S3ControlServer(server, s3);
        server.start();
        return control;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String answer;
            int status = OK;
            try {
                answer = answer(exchange.getRequestURI().getPath().split("/", -1));
            } catch (IllegalArgumentException | IndexOutOfBoundsException misuse) {
                status = BAD_REQUEST;
                answer = "unknown request: " + misuse.getMessage();
            }
            byte[] body = (answer + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Answers /counters, /reset, /bucket/NAME, /shape/DELAY_MILLIS/BYTES_PER_SECOND and /ranges/BUCKET/KEY. */
    private String answer(String[] path) {
        switch (path[1]) {
            case "counters" -> {
                return s3.counters().snapshot().toLine();
            }
            case "reset" -> s3.counters().reset();
            case "bucket" -> s3.createBucket(path[2]);
            case "shape" -> s3.shape(Long.parseLong(path[2]), Long.parseLong(path[3]));
            case "ranges" -> {
                String key = String.join("/", path).substring("/ranges".length());
                return String.join("\n", s3.counters().ranges(key));
            }
            default -> throw new IllegalArgumentException("/" + path[1]);
        }
        return "done";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
