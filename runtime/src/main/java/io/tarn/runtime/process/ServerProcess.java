package io.tarn.runtime.process;

import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.ConfigException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.runtime.log.LogConfig;
import io.tarn.runtime.log.Logging;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server as a process: it takes one argument, a properties file with settings, over which variables of the environment go; starts its parts; and closes
 * them when it is terminated. It ends with status 2 for wrong settings, 1 where it cannot start; the log says why.
 */
public final class ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final int CANNOT_START = 1;
    private static final int USAGE = 2;

    private ServerProcess() {}

    /** Starts the parts of a server. */
    public interface Start<S extends Record> {
        /** @throws TarnException which says what to change; what was started is closed then */
        void start(Lifecycle parts, S settings) throws TarnException;
    }

    /** Runs until the process is told to end. */
    public static <S extends Record> void run(
            String[] arguments, Class<S> type, Function<S, LogConfig> log, Start<S> start) {
        try {
            S settings = ConfigLoader.fromProcess(arguments.length == 0 ? null : Path.of(arguments[0]))
                    .withEnvironment(System.getenv())
                    .load(type);
            Logging.configure(log.apply(settings));
            Lifecycle parts = new Lifecycle();
            Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "tarn-stop"));
            start.start(parts, settings);
            new CountDownLatch(1).await(); // the threads of the parts may all be daemons
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOG.error("{}", problem));
            System.exit(USAGE);
        } catch (TarnException e) {
            LOG.error("Cannot start: {}", e.getMessage());
            System.exit(CANNOT_START);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
