package io.tarn.benchmarks.quickstart;

import picocli.CommandLine;

/** Entry point of bin/quickstart. */
public final class QuickstartMain {
    private QuickstartMain() {}

    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new QuickstartCommand());
        commandLine.setParameterExceptionHandler((misuse, words) -> {
            System.err.println("quickstart: " + misuse.getMessage() + "; see bin/quickstart --help");
            return misuse.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        commandLine.setExecutionExceptionHandler((failure, command, result) -> {
            System.err.println("quickstart: " + failure.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        System.exit(commandLine.execute(arguments));
    }
}
