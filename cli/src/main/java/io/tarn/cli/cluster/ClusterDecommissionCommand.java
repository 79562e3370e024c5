package io.tarn.cli.cluster;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.ClusterInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn cluster decommission}: lets a worker go. */
@Command(
        name = "decommission",
        description =
                "Let a worker go: nothing new is put there, and what only it holds is copied to others. It goes on serving until it is stopped.",
        footer = {
            "",
            "Examples:",
            "  tarn cluster decommission --wait 10m node-7:9651     returns when the worker may be stopped",
            "  tarn cluster decommission --cancel node-7:9651       it stays after all",
            ""
        })
final class ClusterDecommissionCommand implements Callable<Integer> {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final CommandContext context;

    @Parameters(paramLabel = "WORKER", description = "host:port as \"tarn cluster status\" shows it, or its id.")
    private String worker = "";

    @Option(names = "--cancel", description = "It stays after all.")
    private boolean cancel;

    @Option(names = "--wait", paramLabel = "TIME", description = "Wait until it may be stopped, at most so long.")
    private Duration wait = Duration.ZERO;

    ClusterDecommissionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            String address = client.decommission(worker, cancel);
            long endNanos = System.nanoTime() + wait.toNanos();
            boolean drained = !cancel && isDrained(client, address);
            while (!cancel && !drained && System.nanoTime() < endNanos) {
                LockSupport.parkNanos(LOOK_NANOS);
                drained = isDrained(client, address);
            }
            if (!cancel && !drained && !wait.isZero()) {
                throw new TarnException(
                        ErrorCode.TIMEOUT,
                        address
                                + " still holds what is on too few others; \"tarn cluster status\" tells when it may be stopped");
            }
            context.output().one(List.of(Field.of("worker", address), Field.of("state", state(drained))));
        }
        return 0;
    }

    private String state(boolean drained) {
        if (cancel) {
            return "alive";
        }
        return drained ? "drained" : "leaving";
    }

    private static boolean isDrained(TarnClient client, String address) throws TarnException {
        return client.clusterInfo().workers().stream()
                .filter(each -> address.equals(each.host() + ":" + each.dataPort()))
                .anyMatch(ClusterInfo.Worker::drained);
    }
}
