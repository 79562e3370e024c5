package io.tarn.cli.mount;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.cli.DurationText;
import io.tarn.client.CacheQuota;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn mount}. */
@Command(
        name = "mount",
        description = "Attach an under store to a path of the namespace; without arguments, list the mounts.",
        footer = {
            "",
            "Examples:",
            "  tarn mount /data file:///srv/data",
            "  tarn mount /lake s3://bucket/prefix --option region=eu-central-1 --credentials-file s3.properties",
            "  tarn mount /minio s3://bucket --option endpoint=http://minio:9000 --option path-style=true",
            "  tarn mount /hdfs hdfs://namenode:8020/warehouse --read-only --sync-interval 10m",
            "  tarn mount /models s3://models --cache-guarantee 200GiB --cache-priority 9",
            "",
            "Secrets come from a file with lines key=value (--credentials-file) or from variables",
            "TARN_CREDENTIAL_<KEY>: --credential shows them to everybody who may list processes.",
            ""
        })
public final class MountCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--read-only", description = "Take no writes, renames and deletes below this path.")
    private boolean readOnly;

    @Option(
            names = "--sync-interval",
            paramLabel = "TIME",
            description = "How old metadata may be before the store is asked again:"
                    + " never, always, or a duration such as 30s (default: 1m).")
    private String syncInterval = "1m";

    @Option(
            names = {"-w", "--write-type"},
            paramLabel = "TYPE",
            description = "How files below are written where neither the command nor a directory says:"
                    + " ${COMPLETION-CANDIDATES} (DEFAULT: ASYNC_THROUGH).")
    private WriteType writeType = WriteType.DEFAULT;

    @Option(
            names = "--option",
            paramLabel = "KEY=VALUE",
            description = "A setting of the store's adapter, for instance endpoint, region or path-style. Repeatable.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--credential",
            paramLabel = "KEY=VALUE",
            description = "A secret, visible in the list of processes; better is --credentials-file. Repeatable.")
    private Map<String, String> credentials = new LinkedHashMap<>();

    @Option(
            names = "--credentials-file",
            paramLabel = "FILE",
            description = "A file with secrets, a line key=value each.")
    private @Nullable Path credentialsFile;

    @Option(
            names = "--read-bandwidth",
            paramLabel = "SIZE",
            description = "Bytes a second read from the store, at most, for instance 200MiB.")
    private DataAmount readBandwidth = new DataAmount(0);

    @Option(
            names = "--write-bandwidth",
            paramLabel = "SIZE",
            description = "Bytes a second written to the store, at most.")
    private DataAmount writeBandwidth = new DataAmount(0);

    @Option(names = "--requests", paramLabel = "N", description = "Requests a second to the store, at most.")
    private int requests;

    @Option(
            names = "--cache-guarantee",
            paramLabel = "SIZE",
            description =
                    "Of the cache of each worker what is kept for this mount while there is anything else to evict.")
    private DataAmount cacheGuarantee = new DataAmount(0);

    @Option(
            names = "--cache-limit",
            paramLabel = "SIZE",
            description = "The most that this mount takes of the cache of each worker.")
    private DataAmount cacheLimit = new DataAmount(0);

    @Option(
            names = "--cache-priority",
            paramLabel = "N",
            description =
                    "1 to 9: of what no guarantee keeps lower priorities are evicted first (default: ${DEFAULT-VALUE}).")
    private int cachePriority = CacheQuota.DEFAULT_PRIORITY;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = "Where it appears in the namespace.")
    private @Nullable String path;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STORE",
            description = "A store's URI: s3://bucket/prefix, file:///directory, hdfs://namenode:8020/path.")
    private @Nullable String storeUri;

    public MountCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            if (path == null) {
                MountsCommand.list(context, client);
                return 0;
            }
            if (storeUri == null) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "no store given to mount on " + path + "; write tarn mount " + path + " STORE");
            }
            context.output().one(MountFields.row(client.mount(path, storeUri, settings())));
            return 0;
        }
    }

    private MountSettings settings() throws IOException {
        return new MountSettings(
                readOnly,
                parseInterval(syncInterval),
                Map.copyOf(properties),
                Credentials.gather(context.console().environment(), credentialsFile, credentials),
                readBandwidth.bytes(),
                writeBandwidth.bytes(),
                requests,
                writeType,
                new CacheQuota(cacheGuarantee.bytes(), cacheLimit.bytes(), cachePriority));
    }

    private static @Nullable Duration parseInterval(String text) {
        return switch (text) {
            case "never" -> null;
            case "always" -> Duration.ZERO;
            default -> DurationText.parse(text);
        };
    }
}
