package io.tarn.benchmarks.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Reads metrics of a server as a Prometheus server does. Thread-safe. */
public final class Metrics {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Metrics() {}

    /**
     * The sum of the metric {@code name} over all sets of labels that have {@code label}, as of now; 0 where there is none.
     *
     * @param label as {@code source="mem"}; "" for all
     */
    public static double sum(TarnProcess tarn, String name, String label) throws IOException {
        return sum(tarn.http(), name, label);
    }

    /** The same of any server. @param http base of its metrics, as "http://host:port" */
    public static double sum(String http, String name, String label) throws IOException {
        return scrape(http)
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String scrape(String http) throws IOException {
        try {
            URI uri = URI.create(http + "/metrics");
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading metrics", interruption);
        }
    }
}
