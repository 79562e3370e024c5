package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Pace;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.process.Installation;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of bin/benchmark, which holds its help. */
@Command(name = "bin/benchmark")
final class BenchmarkCommand implements Callable<Integer> {
    private static final long FULL_FILE_BYTES = 512L * Lab.MEBIBYTE;
    private static final long QUICK_FILE_BYTES = 64L * Lab.MEBIBYTE;
    private static final long UNIQUE_FILE_BYTES = 1024L * Lab.MEBIBYTE;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--only", split = ",")
    private List<String> only = List.of();

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--output", defaultValue = "table")
    @SuppressWarnings("NullAway.Init")
    private String output;

    @Option(names = "--directory")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Option(names = "--skip-build")
    private boolean skipBuild;

    static List<Benchmark> all() {
        return List.of(
                new CachedReads(),
                new RemoteReads(),
                new ColdReads(),
                new UniqueBytes(),
                new MetadataOperations(),
                new Scale(),
                new Clustered(),
                new ThreeWorkers(),
                new LostWorker(),
                new WithoutMasters(),
                new Standbys(),
                new Writes(),
                new WarmRestart(),
                new SmallFiles(),
                new BesideAlluxio(),
                new SparkWrites(),
                new Eviction());
    }

    @Override
    public Integer call() throws Exception {
        if (!output.equals("table") && !output.equals("json")) {
            throw new ParameterException(spec.commandLine(), "--output is table or json, not " + output);
        }
        boolean json = output.equals("json");
        PrintStream table = json ? System.err : System.out;
        Report report = new Report(table::println);
        boolean failed = false;
        List<Benchmark> chosen = chosen();
        report.head();
        for (Benchmark benchmark : chosen) {
            table.println(benchmark.name() + ": " + benchmark.purpose());
            try (Lab lab = new Lab(
                    Installation.fromSystemProperties(),
                    directory,
                    quick ? Pace.QUICK : Pace.FULL,
                    fileBytes(benchmark))) {
                benchmark.run(lab, report);
            } catch (Exception failure) {
                failed = true;
                table.println("  FAILED: " + failure);
            }
        }
        if (json) {
            System.out.println(report.toJson());
        }
        return failed ? 1 : 0;
    }

    private long fileBytes(Benchmark benchmark) {
        if (quick) {
            return QUICK_FILE_BYTES;
        }
        return benchmark instanceof UniqueBytes ? UNIQUE_FILE_BYTES : FULL_FILE_BYTES;
    }

    private List<Benchmark> chosen() {
        if (only.isEmpty()) {
            return all();
        }
        List<String> names = all().stream().map(Benchmark::name).toList();
        List<Benchmark> chosen = new ArrayList<>();
        for (String name : only) {
            int index = names.indexOf(name);
            if (index < 0) {
                throw new ParameterException(spec.commandLine(), "--only knows " + names + ", not " + name);
            }
            chosen.add(all().get(index));
        }
        return chosen;
    }
}
