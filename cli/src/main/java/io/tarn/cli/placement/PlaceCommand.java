package io.tarn.cli.placement;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Printable;
import io.tarn.client.AttributeChange;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn place}. */
@Command(
        name = "place",
        description =
                "Say which workers the data below a directory or mount are on, and how many copies there are of what is in"
                        + " no under store; without options, show it.",
        footer = {
            "",
            "Examples:",
            "  tarn place /lake --workers zone=a,disk!=hdd",
            "  tarn place /results --copies 3",
            "  tarn place /lake/tables/orders            what holds there, and which directory says so",
            "  tarn place /lake/shared --workers any     an exception below /lake",
            "  tarn place /lake --clear",
            "  tarn cluster status                       shows the labels of workers",
            ""
        })
public final class PlaceCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-w", "--workers"},
            paramLabel = "LABELS",
            description = "key=value and key!=value, comma-separated: all have to match; \"any\": all workers.")
    private @Nullable String workers;

    @Option(
            names = {"-c", "--copies"},
            paramLabel = "NUMBER",
            description = "On how many workers what no under store holds is, 1 to 16.")
    private @Nullable Integer copies;

    @Option(names = "--clear", description = "Remove both; what the nearest directory above says then holds.")
    private boolean clear;

    @Parameters(paramLabel = "PATH", description = "A directory, mount or file in the namespace.")
    private String path = "";

    public PlaceCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (clear && (workers != null || copies != null)) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "give --clear, or what is to hold, not both");
        }
        try (TarnClient client = context.connect()) {
            AttributeChange change = change();
            if (!change.equals(AttributeChange.NONE)) {
                var unused = client.setAttributes(path, change);
            }
            PlacementShown shown = PlacementShown.of(client, client.status(path));
            List<Field> fields = new ArrayList<>(List.of(Field.of("path", path)));
            fields.addAll(shown.fields());
            context.output().done(path + ": " + Printable.line(shown.text(path)), fields);
        }
        return 0;
    }

    private AttributeChange change() {
        AttributeChange change = AttributeChange.NONE;
        if (workers != null) {
            change = change.withExtendedAttribute(PlacementShown.WORKERS, bytes(workers));
        }
        if (copies != null) {
            change = change.withExtendedAttribute(PlacementShown.COPIES, bytes(copies.toString()));
        }
        return clear
                ? change.withExtendedAttribute(PlacementShown.WORKERS, null)
                        .withExtendedAttribute(PlacementShown.COPIES, null)
                : change;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
