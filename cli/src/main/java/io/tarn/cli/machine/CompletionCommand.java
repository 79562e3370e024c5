package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tarn completion}. */
@Command(
        name = "completion",
        description = "Write the completion script for bash and zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(tarn completion)                         this shell, now",
            "  tarn completion > /etc/bash_completion.d/tarn     all bash shells",
            ""
        })
public final class CompletionCommand implements Callable<Integer> {
    private final CommandContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public CompletionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.console().out().println(AutoComplete.bash("tarn", spec.root().commandLine()));
        return 0;
    }
}
