package io.tarn.runtime.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Serves {@code /metrics} (Prometheus text), {@code /health} and {@code /ready} (200, or 503 with a line for each problem) over HTTP. At most
 * {@value #MAX_CONNECTIONS} connections, each with a virtual thread; a request that takes longer than {@value #MAX_REQUEST_SECONDS} s to arrive is cut off.
 *
 * <p>Thread-safe.
 */
public final class MonitoringServer implements AutoCloseable {
    static final int MAX_CONNECTIONS = 1024;
    static final int MAX_REQUEST_SECONDS = 10;

    private final HttpServer server;
    private final ExecutorService handlers;

    private MonitoringServer(HttpServer server, ExecutorService handlers) {
        this.server = server;
        this.handlers = handlers;
    }

    /**
     * Listens.
     *
     * @param metrics gives the page of metrics
     * @throws TarnException UNAVAILABLE where the port is taken, INVALID_ARGUMENT where the host is not this machine's
     */
    public static MonitoringServer start(MonitoringConfig config, Supplier<String> metrics, HealthChecks health)
            throws TarnException {
        boundTheServer();
        HttpServer server = bind(config);
        ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(handlers);
        server.createContext("/metrics", exchange -> answerMetrics(exchange, metrics));
        server.createContext("/health", exchange -> answerHealth(exchange, health.aliveProblems()));
        server.createContext("/ready", exchange -> answerHealth(exchange, health.readyProblems()));
        server.start();
        return new MonitoringServer(server, handlers);
    }

    /** Shows a page of HTML at {@code /}, made anew for each request. */
    public void show(Supplier<String> page) {
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/")) {
                answer(exchange, 200, "text/html; charset=utf-8", page.get());
            } else {
                answer(exchange, 404, "text/plain; charset=utf-8", "there is /, /metrics, /health and /ready\n");
            }
        });
    }

    /** Where it listens: the port that was given, or found where 0 was. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        handlers.shutdownNow();
    }

    private static HttpServer bind(MonitoringConfig config) throws TarnException {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "http.host = " + config.host() + " is no known host; set it to an address of this machine");
        }
        try {
            return HttpServer.create(address, MAX_CONNECTIONS);
        } catch (BindException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot listen on " + config.host() + ":" + config.port() + " for metrics and health: "
                            + e.getMessage() + "; stop the process that uses the port, or set http.port",
                    e);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot listen on " + config.host() + ":" + config.port() + " for metrics and health: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The JDK's server takes its bounds from system properties only, and reads them once. */
    private static void boundTheServer() {
        setIfUnset("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
        setIfUnset("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
        setIfUnset("sun.net.httpserver.maxRspTime", MAX_REQUEST_SECONDS);
        setIfUnset("sun.net.httpserver.maxIdleConnections", MAX_CONNECTIONS / 4);
    }

    private static void setIfUnset(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    private static void answerMetrics(HttpExchange exchange, Supplier<String> metrics) throws IOException {
        answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
    }

    private static void answerHealth(HttpExchange exchange, Map<String, String> problems) throws IOException {
        String lines = problems.entrySet().stream()
                .map(problem -> problem.getKey() + ": " + problem.getValue() + "\n")
                .collect(Collectors.joining());
        answer(
                exchange,
                problems.isEmpty() ? 200 : 503,
                "text/plain; charset=utf-8",
                problems.isEmpty() ? "ok\n" : lines);
    }

    private static void answer(HttpExchange exchange, int status, String contentType, String text) throws IOException {
        try (exchange) {
            boolean isGet = exchange.getRequestMethod().equals("GET");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            if (!isGet && !isHead) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
            if (isGet) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
