package io.tarn.cli.cluster;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn cluster transfer}: returns once the other master leads. */
@Command(
        name = "transfer",
        description = "Let another master lead; calls that are under way wait for it.",
        footer = {"", "Examples:", "  tarn cluster transfer", "  tarn cluster transfer tarn-master-1.tarn:9650", ""})
final class ClusterTransferCommand implements Callable<Integer> {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CommandContext context;

    @Parameters(
            paramLabel = "ADDRESS",
            arity = "0..1",
            description = "As \"tarn cluster status\" shows it; without one, the master that is furthest.")
    private String address = "";

    ClusterTransferCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            long startNanos = System.nanoTime();
            String named = client.transferLeadership(address);
            while (!leads(client, named)) {
                if (System.nanoTime() - startNanos > LONGEST_NANOS) {
                    throw new TarnException(
                            ErrorCode.TIMEOUT,
                            named + " was to lead, and does not; \"tarn cluster status\" tells who does");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            context.output().one(List.of(Field.of("leader", named), Field.of("tookMillis", tookMillis)));
        }
        return 0;
    }

    private static boolean leads(TarnClient client, String address) throws TarnException {
        return client.masters().stream()
                .anyMatch(master -> master.leads() && master.address().equals(address));
    }
}
