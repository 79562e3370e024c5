package io.tarn.benchmarks.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Reads metrics of a {@link TarnProcess} as a Prometheus server does. Thread-safe. */
public final class Metrics {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Metrics() {}

    /**
     * The sum of the metric {@code name} over all sets of labels that have {@code label}, as of now; 0 where there is none.
     *
     * @param label as {@code source="mem"}; "" for all
     */
    public static double sum(TarnProcess tarn, String name, String label) throws IOException {
        return scrape(tarn)
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String scrape(TarnProcess tarn) throws IOException {
        try {
            URI uri = URI.create(tarn.http() + "/metrics");
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading metrics", interruption);
        }
    }
}
