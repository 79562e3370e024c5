package io.tarn.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.Labels;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.understore.UnderStores;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.fill.FillService;
import io.tarn.worker.fill.PeerFetch;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.store.ReadOnlyViews;
import io.tarn.worker.page.store.TieredPageStore;
import io.tarn.worker.peer.Peers;
import io.tarn.worker.persist.PersistService;
import io.tarn.worker.persist.PersistedVersions;
import io.tarn.worker.pin.PinReview;
import io.tarn.worker.pin.PinnedFiles;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.registration.MasterCalls;
import io.tarn.worker.registration.MasterLink;
import io.tarn.worker.registration.RegistrationSettings;
import io.tarn.worker.registration.WorkerIdentity;
import io.tarn.worker.scrub.Scrubber;
import io.tarn.worker.server.DataServer;
import io.tarn.worker.server.ServerContext;
import io.tarn.worker.store.MountedStores;
import io.tarn.worker.write.RoomRequests;
import io.tarn.worker.write.TicketOrders;
import io.tarn.worker.write.WriteService;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A running worker, assembled from its parts. Start it with {@link #start}; {@link #close} stops it and leaves its cache warm. */
public final class Worker implements AutoCloseable {
    private final Lifecycle parts;
    private final WorkerAddress address;
    private final PageStore pages;
    private final MasterLink link;

    private Worker(Lifecycle parts, WorkerAddress address, PageStore pages, MasterLink link) {
        this.parts = parts;
        this.address = address;
        this.pages = pages;
        this.link = link;
    }

    /**
     * Opens the page store, serves the data plane, and begins to register with the master.
     *
     * @param clock decides about expiry of tickets and receipts
     * @throws TarnException where a tier directory, the worker's directory or a port cannot be used; the message names the setting
     */
    public static Worker start(
            WorkerConfig config, UnderStores underStores, MeterRegistry registry, InstantSource clock)
            throws TarnException {
        Lifecycle parts = new Lifecycle();
        boolean started = false;
        try {
            Worker worker = assemble(parts, config, underStores, registry, clock);
            started = true;
            return worker;
        } finally {
            if (!started) {
                parts.close();
            }
        }
    }

    private static Worker assemble(
            Lifecycle parts, WorkerConfig config, UnderStores underStores, MeterRegistry registry, InstantSource clock)
            throws TarnException {
        long workerId = WorkerIdentity.load(config.registration().directory());
        ReadOnlyViews views = ReadOnlyViews.mount(
                config.tiers(), config.registration().directory().resolve("views"));
        Path directory = config.registration().directory();
        PinnedFiles pinned = parts.add("pinned files", PinnedFiles.open(directory));
        PageStore pages = parts.add("page store", TieredPageStore.open(config.tiers(), views, pinned, registry));
        Pins pins = new Pins(pinned, pages);
        parts.add("scrubber", Scrubber.start(pages, config.scrub(), registry));
        MountedStores stores = parts.add("under stores", new MountedStores(underStores));
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("tarn-worker-", 0).factory());
        parts.add("worker threads", () -> {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        });
        ClusterView cluster = new ClusterView(workerId, clock);
        WorkerMetrics metrics = new WorkerMetrics(registry);
        metrics.gauge(
                "tarn.worker.members",
                "Workers that are up, as this one knows",
                () -> cluster.members().size());
        Peers peers = parts.add("peers", Peers.start(cluster));
        FillService fills = new FillService(config.fill(), stores, new PeerFetch(cluster, peers), pages, threads);
        metrics.gauge("tarn.worker.fill.pages", "Pages on their way from under stores", fills::pagesInFlight);
        metrics.gauge("tarn.worker.fill.memory.free", "Unused bytes of worker.fill.memory", fills::freeMemoryBytes);
        PersistedVersions persisted = parts.add("persisted versions", PersistedVersions.open(directory, clock));
        RoomRequests rooms = new RoomRequests();
        WriteService writes = new WriteService(pages, pins, rooms, persisted, stores, cluster, peers, metrics, threads);
        ServerContext context = new ServerContext(
                config.server(), cluster, pages, pins, persisted, stores, fills, writes, metrics, threads);
        DataServer server = parts.add("data server", DataServer.start(context));
        WorkerAddress address = address(config, workerId, server.port());
        MasterLink link = parts.add(
                "master link",
                MasterLink.start(
                        config.registration(),
                        address,
                        cluster,
                        stores,
                        pages,
                        persisted,
                        new PinReview(pinned, pins, config.registration().pinReview()),
                        new TicketOrders("seal", (signed, ticket) -> writes.seal(ticket), writes, threads),
                        new TicketOrders("copy", writes::copy, writes, threads),
                        rooms,
                        metrics));
        PersistService persists = parts.add(
                "persists",
                PersistService.start(
                        config.persist(),
                        pages,
                        pins,
                        stores,
                        cluster,
                        persisted,
                        () -> masterCalls(config.registration())));
        metrics.gauge("tarn.worker.persists", "Files on their way into under stores", persists::underWay);
        return new Worker(parts, address, pages, link);
    }

    private static MasterCalls masterCalls(RegistrationSettings settings) {
        return new MasterCalls(settings.masters(), settings.masterTimeout());
    }

    private static WorkerAddress address(WorkerConfig config, long workerId, int port) {
        RegistrationSettings registration = config.registration();
        String host = registration.host().isEmpty() ? ownHostName() : registration.host();
        WorkerAddress.Builder address = WorkerAddress.newBuilder()
                .setWorkerId(workerId)
                .setHost(host)
                .setDataPort(port)
                .setSocketPath(config.server().socketPath())
                .putAllLabels(Labels.parse(registration.labels()));
        if (registration.engineHosts().isEmpty()) {
            return address.addEngineHosts(host).build();
        }
        return address.addAllEngineHosts(registration.engineHosts()).build();
    }

    private static String ownHostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** How clients reach this worker. */
    public WorkerAddress address() {
        return address;
    }

    /** The pages that it holds. */
    public PageStore pages() {
        return pages;
    }

    /**
     * Waits for the first registration with a master; false after the timeout.
     *
     * @throws TarnException why the master refuses this worker, where it does
     */
    public boolean awaitRegistered(Duration timeout) throws InterruptedException, TarnException {
        return link.awaitRegistered(timeout);
    }

    @Override
    public void close() {
        parts.close();
    }
}
