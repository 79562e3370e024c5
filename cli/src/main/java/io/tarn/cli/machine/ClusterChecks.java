package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import io.tarn.client.ClusterInfo;
import io.tarn.client.HealthFinding;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

/** Asks the cluster how it is; where none answers, looks whether the default ports are free. */
final class ClusterChecks {
    private static final List<Integer> PORTS = List.of(9650, 9651, 9652);

    private final CommandContext context;

    ClusterChecks(CommandContext context) {
        this.context = context;
    }

    Stream<Finding> all() {
        try (TarnClient client = context.connect()) {
            ClusterInfo info = client.clusterInfo();
            long alive =
                    info.workers().stream().filter(ClusterInfo.Worker::alive).count();
            String found = "Tarn " + info.version() + ", " + alive + " of "
                    + info.workers().size() + " workers alive";
            Finding cluster = alive > 0
                    ? Finding.ok("cluster", found)
                    : Finding.failure("cluster", found, "look at the worker's log, and start it again");
            return Stream.concat(Stream.of(cluster), needs(client));
        } catch (IOException e) {
            return Stream.concat(
                    Stream.of(Finding.ok("cluster", "none answers here")),
                    PORTS.stream().map(ClusterChecks::port));
        }
    }

    /** What the masters need. */
    private static Stream<Finding> needs(TarnClient client) {
        try {
            return client.checkUp().stream().map(ClusterChecks::finding);
        } catch (TarnException e) {
            return e.code() == ErrorCode.UNSUPPORTED
                    ? Stream.of()
                    : Stream.of(Finding.warning("masters", e.getMessage(), "look at the masters' logs"));
        }
    }

    private static Finding finding(HealthFinding of) {
        if (of.failing()) {
            return Finding.failure(of.check(), of.found(), of.advice());
        }
        return of.advice().isEmpty()
                ? Finding.ok(of.check(), of.found())
                : Finding.warning(of.check(), of.found(), of.advice());
    }

    private static Finding port(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return Finding.ok("port " + socket.getLocalPort(), "free");
        } catch (IOException e) {
            return Finding.failure(
                    "port " + port,
                    "in use by another process",
                    "stop it (ss -ltnp shows it), or use other ports: tarn standalone --port");
        }
    }
}
