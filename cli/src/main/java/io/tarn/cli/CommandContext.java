package io.tarn.cli;

import io.tarn.cli.output.JsonOutput;
import io.tarn.cli.output.Output;
import io.tarn.cli.output.TableOutput;
import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a running command works with: the console, the options that all commands share, and from these a client. For one thread. */
public final class CommandContext {
    private final Console console;
    private final GlobalOptions options;

    CommandContext(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** Something done to one of several paths. */
    public interface PathAction {
        void apply(String path) throws IOException;
    }

    public Console console() {
        return console;
    }

    public boolean verbose() {
        return options.verbose();
    }

    /** Where results go, in the format that the user wants. */
    public Output output() {
        return options.output() == GlobalOptions.Format.json
                ? new JsonOutput(console.out())
                : new TableOutput(console.out());
    }

    public boolean wantsJson() {
        return options.output() == GlobalOptions.Format.json;
    }

    /** The masters that the user means. */
    public List<String> masters() throws TarnException {
        String given = options.master();
        Map<String, String> environment = console.environment();
        return MasterAddresses.parse(given != null ? given : environment.getOrDefault("TARN_MASTER", "localhost"));
    }

    /** A client of the cluster, to be closed. @throws TarnException UNAVAILABLE where no master listens */
    public TarnClient connect() throws TarnException {
        List<String> masters = masters();
        MasterAddresses.requireListener(masters);
        ClientOptions client = ClientOptions.of(masters.toArray(String[]::new));
        String user =
                options.user() != null ? options.user() : console.environment().get("TARN_USER");
        return TarnClient.connect(user == null ? client : client.withUser(user));
    }

    /**
     * Does the same to several paths; where one fails, says so and goes on with the next.
     *
     * @return the exit status of the first failure, or 0
     */
    public int forEach(List<String> paths, PathAction action) {
        int status = 0;
        for (String path : paths) {
            try {
                action.apply(path);
            } catch (IOException e) {
                int failure = Failures.report(e, this);
                status = status == 0 ? failure : status;
                if (failure == ExitCode.BROKEN_PIPE.status()) {
                    return failure;
                }
            }
        }
        return status;
    }
}
