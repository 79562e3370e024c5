package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.Progress;
import io.tarn.runtime.config.DataSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of bin/quickstart, which holds its help: wrong options shall be told before anything is built. */
@Command(name = "bin/quickstart", customSynopsis = "See bin/quickstart --help")
final class QuickstartCommand implements Callable<Integer> {
    private static final List<Integer> KNOWN_QUERIES = List.of(1, 3, 4, 5, 6, 10, 12, 14, 18, 19);
    private static final double MAXIMUM_SCALE = 100;
    private static final int MAXIMUM_DELAY_MILLIS = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--scale", paramLabel = "FACTOR", defaultValue = "0.5")
    private double scale;

    @Option(names = "--delay-millis", paramLabel = "MS", defaultValue = "15")
    private int delayMillis;

    @Option(names = "--bandwidth", paramLabel = "SIZE", defaultValue = "200MB")
    @SuppressWarnings("NullAway.Init")
    private String bandwidth;

    @Option(names = "--queries", paramLabel = "N", split = ",", defaultValue = "1,3,5,6,12,14")
    @SuppressWarnings("NullAway.Init")
    private List<Integer> queries;

    @Option(names = "--directory", paramLabel = "DIR")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Option(names = "--cluster")
    private boolean cluster;

    @Option(names = "--keep")
    private boolean keep;

    @Option(names = "--skip-build")
    private boolean skipBuild;

    @Override
    public Integer call() throws IOException, InterruptedException {
        new Quickstart(settings(), new Progress(System.err), System.out).run();
        return 0;
    }

    private QuickstartSettings settings() {
        check(scale > 0 && scale <= MAXIMUM_SCALE, "--scale must be over 0 and at most 100, is " + scale);
        check(
                delayMillis >= 0 && delayMillis <= MAXIMUM_DELAY_MILLIS,
                "--delay-millis must be 0 to 10000, is " + delayMillis);
        for (int query : queries) {
            check(KNOWN_QUERIES.contains(query), "--queries knows " + KNOWN_QUERIES + ", not " + query);
        }
        try {
            return new QuickstartSettings(
                    scale,
                    delayMillis,
                    DataSize.parse(bandwidth).bytes(),
                    List.copyOf(queries),
                    directory,
                    cluster,
                    keep);
        } catch (IllegalArgumentException misuse) {
            throw new ParameterException(spec.commandLine(), "--bandwidth: " + misuse.getMessage(), misuse);
        }
    }

    private void check(boolean holds, String problem) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
