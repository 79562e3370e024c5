package io.tarn.standalone;

import io.tarn.master.Master;
import io.tarn.master.page.StatusPage;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.http.HealthChecks;
import io.tarn.runtime.http.MonitoringServer;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.runtime.metrics.ProcessMetrics;
import io.tarn.understore.UnderStores;
import io.tarn.understore.UploadLog;
import io.tarn.worker.Worker;
import io.tarn.worker.WorkerConfig;
import io.tarn.worker.registration.RegistrationSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A master and a worker in this process, with their metrics and health. {@link #start} returns when it serves; {@link #close} stops it, and a later start on
 * the same directories is warm. Thread-safe.
 */
public final class StandaloneServer implements AutoCloseable {
    private static final Duration REGISTRATION = Duration.ofSeconds(30);

    private final Lifecycle parts;
    private final Master master;
    private final Worker worker;
    private final MonitoringServer monitoring;
    private final CompletableFuture<TarnException> failure;

    private StandaloneServer(
            Lifecycle parts,
            Master master,
            Worker worker,
            MonitoringServer monitoring,
            CompletableFuture<TarnException> failure) {
        this.parts = parts;
        this.failure = failure;
        this.master = master;
        this.worker = worker;
        this.monitoring = monitoring;
    }

    /**
     * Starts all parts; a port of 0 takes any free one.
     *
     * @throws TarnException where a directory cannot be used or is another process's, or a port is taken; the message says what to change
     */
    public static StandaloneServer start(StandaloneConfig config) throws TarnException {
        Lifecycle parts = new Lifecycle();
        boolean started = false;
        try {
            StandaloneServer server = assemble(parts, config);
            started = true;
            return server;
        } finally {
            if (!started) {
                parts.close();
            }
        }
    }

    private static StandaloneServer assemble(Lifecycle parts, StandaloneConfig config) throws TarnException {
        if (config.master().etcd().isUsed()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "master.etcd.endpoints is for masters that are processes of their own; tarn standalone keeps its journal itself");
        }
        parts.add("data directory", DirectoryLock.take(config.standalone().data()));
        ProcessMetrics metrics = parts.add("metrics", new ProcessMetrics());
        CompletableFuture<TarnException> failure = new CompletableFuture<>();
        AtomicBoolean ready = new AtomicBoolean();
        HealthChecks health = new HealthChecks();
        health.addAlive(
                "master", () -> Optional.ofNullable(failure.getNow(null)).map(Throwable::getMessage));
        health.addReady("standalone", () -> ready.get() ? Optional.empty() : Optional.of("starting or stopping"));
        MonitoringServer monitoring =
                parts.add("monitoring", MonitoringServer.start(config.monitoring(), metrics::scrape, health));
        UploadLog uploads =
                parts.add("upload log", UploadLog.open(config.standalone().data()));
        UnderStores stores = UnderStores.load(uploads);
        Master master = parts.add(
                "master",
                Master.start(
                        config.master(),
                        stores,
                        metrics.registry(),
                        InstantSource.system(),
                        (what, cause) -> failure.complete(fault(what, cause))));
        Worker worker = parts.add(
                "worker",
                Worker.start(
                        withMaster(config.worker(), "localhost:" + master.port()),
                        stores,
                        metrics.registry(),
                        InstantSource.system()));
        awaitRegistered(worker);
        monitoring.show(
                parts.add("status page", new StatusPage(config.master().rpc(), master.port(), InstantSource.system())));
        ready.set(true);
        parts.add("readiness", () -> ready.set(false));
        return new StandaloneServer(parts, master, worker, monitoring, failure);
    }

    private static TarnException fault(String what, Throwable cause) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "the master cannot go on: " + what + ": " + cause.getMessage()
                        + "; nothing acknowledged is lost: mend the cause and start it again",
                cause);
    }

    /** The master's port may have been found only now. */
    private static WorkerConfig withMaster(WorkerConfig config, String master) {
        RegistrationSettings registration = config.registration();
        return new WorkerConfig(
                config.tiers(),
                config.fill(),
                config.persist(),
                config.server(),
                config.scrub(),
                new RegistrationSettings(
                        registration.host(),
                        registration.engineHosts(),
                        registration.labels(),
                        registration.directory(),
                        List.of(master),
                        registration.masterTimeout(),
                        registration.pinReview()));
    }

    private static void awaitRegistered(Worker worker) throws TarnException {
        try {
            if (!worker.awaitRegistered(REGISTRATION)) {
                throw new TarnException(
                        ErrorCode.UNAVAILABLE,
                        "the worker did not reach the master in this process; see the log above");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "interrupted while starting", e);
        }
    }

    /** Completes when the master can no longer write its journal; the process should end then, and be started again. */
    public CompletionStage<TarnException> failure() {
        return failure;
    }

    /** host:port for clients. */
    public String masterAddress() {
        return worker.address().getHost() + ":" + master.port();
    }

    /** host:port of the data plane. */
    public String workerAddress() {
        return worker.address().getHost() + ":" + worker.address().getDataPort();
    }

    /** host:port of metrics and health. */
    public String httpAddress() {
        InetSocketAddress address = monitoring.address();
        return worker.address().getHost() + ":" + address.getPort();
    }

    @Override
    public void close() {
        parts.close();
    }
}
