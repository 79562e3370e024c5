package io.tarn.standalone;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.cli.ExitCode;
import io.tarn.cli.output.Field;
import io.tarn.protocol.release.Release;
import io.tarn.runtime.config.ConfigException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.runtime.log.Logging;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tarn standalone}: runs in the foreground until it is interrupted or terminated. */
@Command(
        name = "standalone",
        description = "Run a cache on this machine: a master and a worker in one process, until Ctrl-C.",
        footer = {
            "",
            "Examples:",
            "  tarn standalone",
            "  tarn standalone --data /var/lib/tarn --mem 4GiB --ssd 100GiB --ssd-dir /mnt/nvme/tarn",
            "  tarn standalone --port 0 --output json            any free ports, told as JSON",
            "  tarn standalone --bind 0.0.0.0                    also for other machines",
            "  tarn standalone --config tarn.properties          all settings: docs/configuration.md",
            "",
            "What is cached stays warm over a restart with the same directories.",
            ""
        })
final class StandaloneCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Journal, namespace and SSD tier (default: $TARN_HOME/data, else ~/.tarn).")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the master; worker and HTTP take the next two; 0 = any free ones (default: 9650).")
    private @Nullable Integer port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Address to listen on (default: ${DEFAULT-VALUE}, this machine only).")
    private String bind = "127.0.0.1";

    @Option(
            names = "--mem",
            paramLabel = "SIZE",
            description = "Capacity of the MEM tier (default: a quarter of what is free in /dev/shm).")
    private @Nullable DataAmount mem;

    @Option(names = "--mem-dir", paramLabel = "DIR", description = "Directory of the MEM tier, on a tmpfs.")
    private @Nullable Path memDirectory;

    @Option(
            names = "--ssd",
            paramLabel = "SIZE",
            description =
                    "Capacity of the SSD tier; 0 = none (default: half of the disk's free space, at most 100 GiB).")
    private @Nullable DataAmount ssd;

    @Option(names = "--ssd-dir", paramLabel = "DIR", description = "Directory of the SSD tier (default: below --data).")
    private @Nullable Path ssdDirectory;

    @Option(names = "--config", paramLabel = "FILE", description = "A properties file with settings.")
    private @Nullable Path configFile;

    StandaloneCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        StandaloneConfig config;
        try {
            Map<String, String> environment = context.console().environment();
            Path directory = data != null ? data.toAbsolutePath() : StandaloneDefaults.dataDirectory(environment);
            config = ConfigLoader.fromProcess(configFile)
                    .withEnvironment(environment)
                    .withDefaults(StandaloneDefaults.of(directory, Path.of("/dev/shm"), bind))
                    .withOverrides(overrides())
                    .load(StandaloneConfig.class);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> context.console().err().println("tarn: " + problem));
            return ExitCode.USAGE.status();
        }
        Logging.configure(config.log());
        StandaloneServer server = StandaloneServer.start(config);
        Thread stop = new Thread(() -> stop(server), "tarn-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        announce(config, server);
        throw server.failure().toCompletableFuture().join();
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new LinkedHashMap<>();
        if (port != null) {
            overrides.put("master.port", Integer.toString(port));
            overrides.put("worker.data-port", Integer.toString(port == 0 ? 0 : port + 1));
            overrides.put("http.port", Integer.toString(port == 0 ? 0 : port + 2));
        }
        if (mem != null) {
            overrides.put("worker.tiers.mem.capacity", Long.toString(mem.bytes()));
        }
        if (memDirectory != null) {
            overrides.put(
                    "worker.tiers.mem.paths", memDirectory.toAbsolutePath().toString());
        }
        if (ssdDirectory != null) {
            overrides.put(
                    "worker.tiers.ssd.paths", ssdDirectory.toAbsolutePath().toString());
        }
        if (ssd != null && ssd.bytes() == 0) {
            overrides.put("worker.tiers.ssd.paths", "");
        } else if (ssd != null) {
            overrides.put("worker.tiers.ssd.capacity", Long.toString(ssd.bytes()));
        }
        return overrides;
    }

    private void announce(StandaloneConfig config, StandaloneServer server) throws IOException {
        String master = server.masterAddress();
        String http = "http://" + server.httpAddress();
        if (context.wantsJson()) {
            context.output()
                    .one(List.of(
                            Field.of("version", Release.version()),
                            Field.of("master", master),
                            Field.of("worker", server.workerAddress()),
                            Field.of("http", http),
                            Field.of("data", config.standalone().data().toString())));
            return;
        }
        PrintStream out = context.console().out();
        String flag = master.equals("localhost:9650") ? "" : " --master " + master;
        out.println("Tarn " + Release.version() + " is running; Ctrl-C stops it, and what is cached stays warm.");
        out.println("  master    " + master + "   (for Spark and Hadoop: tarn://" + master + "/)");
        out.println("  worker    " + server.workerAddress());
        out.println("  metrics   " + http + "/metrics, /health, /ready");
        out.println("  data      " + config.standalone().data());
        out.println("  MEM tier  "
                + tier(
                        config.worker().tiers().memPaths(),
                        config.worker().tiers().memCapacity().bytes()));
        out.println("  SSD tier  "
                + tier(
                        config.worker().tiers().ssdPaths(),
                        config.worker().tiers().ssdCapacity().bytes()));
        out.println("Try:");
        out.println("  tarn" + flag + " mount /data file:///srv/data");
        out.println("  tarn" + flag + " fs ls /data");
        out.flush();
    }

    private static String tier(List<Path> directories, long capacityBytes) {
        return directories.isEmpty()
                ? "none"
                : directories.stream()
                                .map(Path::toString)
                                .reduce((a, b) -> a + ", " + b)
                                .orElse("") + "   (" + Field.amount(capacityBytes)
                        + (directories.size() > 1 ? " each)" : ")");
    }

    /** Ends the process: with status 0, since a stop that was asked for is no failure, unless there was one. */
    private void stop(StandaloneServer server) {
        boolean failed = server.failure().toCompletableFuture().isDone();
        server.close();
        if (!context.wantsJson()) {
            context.console().out().println("Tarn has stopped.");
        }
        context.console().out().flush();
        Runtime.getRuntime().halt(failed ? ExitCode.FAILED.status() : 0);
    }
}
