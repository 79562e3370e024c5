package io.tarn.runtime.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.metrics.ProcessMetrics;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitoringServerTest {
    private final ProcessMetrics metrics = new ProcessMetrics();
    private final HealthChecks health = new HealthChecks();
    private final HttpClient http = HttpClient.newHttpClient();
    private MonitoringServer server;

    @BeforeEach
    void start() throws TarnException {
        server = MonitoringServer.start(new MonitoringConfig("127.0.0.1", 0), metrics::scrape, health);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
        http.close();
    }

    @Test
    void metricsNameTheReleaseAndTheJvm() throws Exception {
        metrics.registry().counter("tarn.worker.hit.bytes", "tier", "MEM").increment(64);
        String page = get("/metrics").body();
        assertTrue(page.contains("tarn_worker_hit_bytes_total{tier=\"MEM\"} 64.0"), page);
        assertTrue(page.contains("tarn_build_info{version=\"0."), page);
        assertTrue(page.contains("jvm_memory_used_bytes"), page);
        assertTrue(page.contains("process_files_open_files"), page);
    }

    @Test
    void readinessFollowsItsChecksAndHealthDoesNot() throws Exception {
        AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.of("journal is replaying"));
        health.addReady("master", problem::get);
        assertEquals(503, get("/ready").statusCode());
        assertEquals("master: journal is replaying\n", get("/ready").body());
        assertEquals(200, get("/health").statusCode());
        problem.set(Optional.empty());
        assertEquals("ok\n", get("/ready").body());
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertEquals(405, http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    @Test
    void aTakenPortIsToldWithTheSettingToChange() {
        TarnException e = assertThrows(
                TarnException.class,
                () -> MonitoringServer.start(
                        new MonitoringConfig("127.0.0.1", server.address().getPort()), metrics::scrape, health));
        assertEquals(ErrorCode.UNAVAILABLE, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains("set http.port"), e.getMessage());
    }

    @Test
    void randomBytesDoNotStopIt() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            byte[] noise = new byte[random.nextInt(4096) + 1];
            random.nextBytes(noise);
            try (Socket socket =
                    new Socket(server.address().getAddress(), server.address().getPort())) {
                socket.getOutputStream().write(noise);
            } catch (IOException e) {
                assertTrue(
                        String.valueOf(e.getMessage()).matches("(?i).*(reset|pipe).*"), "connection may be cut: " + e);
            }
        }
        assertEquals(200, get("/health").statusCode());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
