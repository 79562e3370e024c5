package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import io.tarn.client.ClusterInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

/** Looks whether the default ports are free, or Tarn's already. */
final class PortChecks {
    private static final List<Integer> PORTS = List.of(9650, 9651, 9652);

    private final CommandContext context;

    PortChecks(CommandContext context) {
        this.context = context;
    }

    Stream<Finding> all() {
        try (TarnClient client = context.connect()) {
            ClusterInfo info = client.clusterInfo();
            long alive =
                    info.workers().stream().filter(ClusterInfo.Worker::alive).count();
            String found = "Tarn " + info.version() + ", " + alive + " of "
                    + info.workers().size() + " workers alive";
            return Stream.of(
                    alive > 0
                            ? Finding.ok("cluster", found)
                            : Finding.failure("cluster", found, "look at the worker's log, and start it again"));
        } catch (IOException e) {
            return Stream.concat(
                    Stream.of(Finding.ok("cluster", "none answers here")),
                    PORTS.stream().map(PortChecks::port));
        }
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
