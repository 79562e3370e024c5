package io.tarn.benchmarks.system;

import picocli.CommandLine;

/** Entry point of bin/benchmark. */
public final class BenchmarkMain {
    private BenchmarkMain() {}

    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new BenchmarkCommand());
        commandLine.setParameterExceptionHandler((misuse, words) -> {
            System.err.println("benchmark: " + misuse.getMessage() + "; see bin/benchmark --help");
            return misuse.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        System.exit(commandLine.execute(arguments));
    }
}
