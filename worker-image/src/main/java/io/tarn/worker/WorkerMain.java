package io.tarn.worker;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import io.tarn.runtime.http.HealthChecks;
import io.tarn.runtime.http.MonitoringServer;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.runtime.metrics.ProcessMetrics;
import io.tarn.runtime.process.ServerProcess;
import io.tarn.understore.UnderStores;
import io.tarn.understore.UploadLog;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker as a process of its own. */
public final class WorkerMain {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

    private WorkerMain() {}

    /** @param arguments as {@link ServerProcess} takes them */
    public static void main(String[] arguments) {
        ServerProcess.run(arguments, WorkerSettings.class, WorkerSettings::log, WorkerMain::start);
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
