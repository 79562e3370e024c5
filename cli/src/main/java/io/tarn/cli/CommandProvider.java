package io.tarn.cli;

import java.util.List;

/** Brings subcommands of another module into the {@code tarn} command; found by {@link java.util.ServiceLoader}. */
public interface CommandProvider {
    /** Objects annotated as picocli commands, whose {@code call} returns an exit status. */
    List<Object> commands(CommandContext context);
}
