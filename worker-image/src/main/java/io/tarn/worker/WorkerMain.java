package io.tarn.worker;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import io.tarn.runtime.config.ConfigException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.runtime.http.HealthChecks;
import io.tarn.runtime.http.MonitoringServer;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.runtime.log.Logging;
import io.tarn.runtime.metrics.ProcessMetrics;
import io.tarn.understore.UnderStores;
import io.tarn.understore.UploadLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as a process: {@code WorkerMain [FILE]}, a properties file with settings, over which variables of the environment go. Ends with status 2 for wrong
 * settings, 1 where it cannot start.
 */
public final class WorkerMain {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);
    private static final int USAGE = 2;

    private WorkerMain() {}

    public static void main(String[] arguments) {
        try {
            WorkerSettings settings = ConfigLoader.fromProcess(arguments.length == 0 ? null : Path.of(arguments[0]))
                    .withEnvironment(System.getenv())
                    .load(WorkerSettings.class);
            Logging.configure(settings.log());
            Lifecycle parts = new Lifecycle();
            Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "tarn-stop"));
            start(parts, settings);
            new CountDownLatch(1).await(); // its own threads do not keep the process
        } catch (ConfigException e) {
            e.problems().forEach(problem -> System.err.println("tarn worker: " + problem));
            Runtime.getRuntime().halt(USAGE);
        } catch (TarnException e) {
            System.err.println("tarn worker: " + e.getMessage());
            Runtime.getRuntime().exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(Lifecycle parts, WorkerSettings settings) throws TarnException {
        ProcessMetrics metrics = parts.add("metrics", new ProcessMetrics());
        AtomicReference<Worker> worker = new AtomicReference<>();
        HealthChecks health = new HealthChecks();
        health.addReady("worker", () -> worker.get() == null ? Optional.of("starting") : Optional.empty());
        parts.add("monitoring", MonitoringServer.start(settings.monitoring(), metrics::scrape, health));
        UploadLog uploads = parts.add(
                "upload log", UploadLog.open(settings.worker().registration().directory()));
        worker.set(parts.add(
                "worker",
                Worker.start(
                        settings.worker(), UnderStores.load(uploads), metrics.registry(), InstantSource.system())));
        LOG.info(
                "Tarn {} worker serves at port {}",
                Release.version(),
                worker.get().address().getDataPort());
    }
}
