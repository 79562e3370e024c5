package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import io.tarn.cli.ExitCode;
import io.tarn.cli.output.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tarn doctor}. */
@Command(
        name = "doctor",
        description =
                "Check this machine: JDK, limits, tmpfs, ports, kernel features; and where a cluster answers, its workers and"
                        + " its etcd. Changes nothing; exit status 1 where something must be mended.",
        footer = {"", "Examples:", "  tarn doctor", "  tarn doctor --output json", "  tarn doctor data /lake", ""})
public final class DoctorCommand implements Callable<Integer> {
    private final CommandContext context;

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    /** With its subcommand. */
    public static CommandLine commandLine(CommandContext context) {
        return new CommandLine(new DoctorCommand(context)).addSubcommand(new DoctorDataCommand(context));
    }

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = Stream.concat(new MachineChecks(Path.of("/")).all(), new ClusterChecks(context).all())
                .toList();
        try (Rows rows = context.output().rows()) {
            for (Finding finding : findings) {
                rows.add(finding.fields());
            }
        }
        boolean failed = findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.failure);
        return failed ? ExitCode.FAILED.status() : 0;
    }
}
