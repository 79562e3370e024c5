package io.tarn.benchmarks.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Reads metrics of servers as a Prometheus server does. Thread-safe. */
public final class Metrics {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Metrics() {}

    /**
     * The sum of the metric {@code name} over all sets of labels that have {@code label}, as of now; 0 where there is none.
     *
     * @param label as {@code source="mem"}; "" for all
     */
    public static double sum(TarnProcess tarn, String name, String label) throws IOException {
        return sum(List.of(tarn.http()), name, label);
    }

    /** The same over several servers, by the bases of their metrics. */
    public static double sum(List<String> servers, String name, String label) throws IOException {
        double sum = 0;
        for (String server : servers) {
            sum += sum(server, name, label);
        }
        return sum;
    }

    private static double sum(String server, String name, String label) throws IOException {
        return scrape(server)
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String scrape(String server) throws IOException {
        try {
            URI uri = URI.create(server + "/metrics");
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading metrics", interruption);
        }
    }
}
