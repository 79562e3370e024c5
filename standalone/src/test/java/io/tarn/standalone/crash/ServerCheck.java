package io.tarn.standalone.crash;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a server says of itself when all is persisted. */
final class ServerCheck {
    private static final List<String> ZERO =
            List.of("tarn_master_persist_waiting", "tarn_master_persist_failing", "tarn_worker_persists");

    private ServerCheck() {}

    /**
     * Asks whether it is ready, and that nothing is waiting.
     *
     * @throws IOException where it is not ready
     */
    static void run(String http) throws IOException {
        var unused = get(http + "/ready");
        String metrics = get(http + "/metrics");
        for (String name : ZERO) {
            String value = metrics.lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no metric " + name));
            if (Double.parseDouble(value.substring(value.lastIndexOf(' '))) != 0) {
                throw new AssertionError("all is persisted, and yet: " + value);
            }
        }
    }

    private static String get(String address) throws IOException {
        try (InputStream in = URI.create(address).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
