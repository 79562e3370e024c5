package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import io.tarn.cli.ExitCode;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Rows;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn doctor data}. */
@Command(
        name = "data",
        description =
                "Compare cached pages with their checksums now, and fetch damaged ones again. Shows the files with"
                        + " damage: \"repaired\" pages were fetched again, \"dropped\" ones will be when they are read, \"lost\" ones"
                        + " exist nowhere else and give CORRUPT. Exit status 8 where pages are lost, 5 where some are dropped.",
        footer = {
            "",
            "Examples:",
            "  tarn doctor data",
            "  tarn doctor data /lake/tables/orders",
            "  tarn doctor data --output json /lake",
            ""
        })
final class DoctorDataCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "Files, or directories with all that is below (default: /).")
    private List<String> paths = List.of("/");

    DoctorDataCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        DataFindings findings = new DataFindings();
        int status;
        try (TarnClient client = context.connect()) {
            status = context.forEach(paths, path -> check(client, path, findings));
        }
        report(findings);
        if (findings.lostPages() > 0) {
            return ExitCode.CORRUPT.status();
        }
        return status == 0 && findings.droppedPages() > 0 ? ExitCode.UNAVAILABLE.status() : status;
    }

    private void check(TarnClient client, String path, DataFindings findings) throws IOException {
        FileInfo file = client.status(path);
        if (!file.isDirectory()) {
            findings.check(client, file.path());
            return;
        }
        IOException first = null;
        try (Listing listing = client.list(path, ListOptions.RECURSIVE)) {
            while (listing.hasNext()) {
                FileInfo child = listing.next();
                if (child.type() == FileInfo.Type.FILE && child.complete() && child.lengthBytes() > 0) {
                    try {
                        findings.check(client, child.path());
                    } catch (IOException e) {
                        first = first == null ? e : first;
                    }
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void report(DataFindings findings) throws IOException {
        if (!context.wantsJson() && !findings.damaged().isEmpty()) {
            try (Rows rows = context.output().rows()) {
                for (DataFindings.Damage damage : findings.damaged()) {
                    rows.add(damage.fields());
                }
            }
        }
        List<Field> fields = new ArrayList<>(findings.totals());
        List<Map<String, Object>> damaged =
                findings.damaged().stream().map(DataFindings.Damage::values).toList();
        fields.add(Field.of("damaged", damaged));
        context.output().done(findings.sentence(), fields);
    }
}
