package io.tarn.standalone;

import io.tarn.cli.CommandContext;
import io.tarn.cli.CommandProvider;
import java.util.List;

/** Brings {@code tarn standalone} and {@code tarn restore} into the command. */
public final class StandaloneCommands implements CommandProvider {
    @Override
    public List<Object> commands(CommandContext context) {
        return List.of(new StandaloneCommand(context), new RestoreCommand(context));
    }
}
