package io.tarn.master;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.checkpoint.MasterDirectory;
import io.tarn.master.journal.Journal;
import io.tarn.master.leader.FaultHandler;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.mirror.Mirror;
import io.tarn.master.mirror.MountedStores;
import io.tarn.master.namespace.GroupResolver;
import io.tarn.master.namespace.Namespace;
import io.tarn.master.namespace.OperatingSystemGroups;
import io.tarn.master.namespace.StaticGroups;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.rpc.CallServer;
import io.tarn.master.rpc.Masters;
import io.tarn.master.rpc.RpcServer;
import io.tarn.master.state.StateStore;
import io.tarn.master.work.SteadyClock;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.understore.UnderStores;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A running master, assembled from its parts. Start it with {@link #start}; {@link #close} ends calls and commits what was acknowledged. */
public final class Master implements AutoCloseable {
    private final Lifecycle parts;
    private final RpcServer server;
    private final Namespace namespace;
    private final String clusterId;

    private Master(Lifecycle parts, RpcServer server, Namespace namespace, String clusterId) {
        this.parts = parts;
        this.server = server;
        this.namespace = namespace;
        this.clusterId = clusterId;
    }

    /**
     * Opens journal and state, replays, and serves.
     *
     * @param clock decides about leases, ages of metadata and tickets
     * @param faultHandler called once where the master can no longer write its journal: end the process, and start it again
     * @throws TarnException where the directory or the port cannot be used, or what is there is damaged; the message names the setting
     */
    public static Master start(
            MasterConfig config,
            UnderStores underStores,
            MeterRegistry meters,
            InstantSource clock,
            FaultHandler faultHandler)
            throws TarnException {
        Lifecycle parts = new Lifecycle();
        boolean started = false;
        try {
            MasterDirectory disk = parts.add(
                    "master directory",
                    MasterDirectory.open(
                            config.directory(), config.journal(), config.state(), config.checkpoint(), meters));
            Master master =
                    start(parts, config, disk.journal(), disk.store(), underStores, meters, clock, faultHandler);
            started = true;
            return master;
        } finally {
            if (!started) {
                parts.close();
            }
        }
    }

    /** With a journal and a state of the caller's choice, which become the lifecycle's own. */
    static Master start(
            Lifecycle parts,
            MasterConfig config,
            Journal journal,
            StateStore store,
            UnderStores underStores,
            MeterRegistry meters,
            InstantSource clock,
            FaultHandler faultHandler)
            throws TarnException {
        Leader<Record> leader = parts.add(
                "leader",
                SingleWriterLeader.start(store, journal, new RecordCodec(), config.leader(), meters, faultHandler));
        RpcServer server =
                parts.add("master calls", RpcServer.start(config.rpc(), () -> "it is starting or stopping", meters));
        Namespace namespace = serve(
                parts,
                config,
                leader,
                journal,
                store,
                underStores,
                server,
                meters,
                clock,
                new LoneMaster(store),
                () -> true);
        return new Master(
                parts,
                server,
                namespace,
                Objects.requireNonNull(new NamespaceView(store).cluster()).id());
    }

    /**
     * Serves as the leader.
     *
     * @param leads whether answers may be given: asked after each is made
     */
    static Namespace serve(
            Lifecycle parts,
            MasterConfig config,
            Leader<Record> leader,
            Journal journal,
            StateStore store,
            UnderStores underStores,
            CallServer server,
            MeterRegistry meters,
            InstantSource clock,
            Masters masters,
            BooleanSupplier leads)
            throws TarnException {
        boolean begins = new NamespaceView(store).cluster() == null;
        NamespaceView.Cluster cluster = ClusterStart.ensure(leader, store, clock, config.namespace());
        parts.add(
                "format", FormatRaising.start(leader, masters, config.election().lease(), begins || masters.isAlone()));
        MountedStores stores = parts.add("under stores", new MountedStores(underStores, leads));
        Mirror mirror = new Mirror(store, stores, clock, meters);
        InstantSource steady = new SteadyClock(clock);
        WorkerRegistry workers = new WorkerRegistry(steady, config.membership(), new NamespaceView(store).workerIds());
        meters.gauge("tarn.master.workers", workers, WorkerRegistry::aliveCount);
        GroupResolver groups =
                new StaticGroups(config.namespace().groups(), new OperatingSystemGroups(Path.of("/etc"), clock));
        TicketSigner signer = new TicketSigner(cluster.ticketKey(), clock);
        Namespace namespace = parts.add(
                "namespace",
                new Namespace(
                        leader,
                        store,
                        mirror,
                        workers,
                        groups,
                        signer,
                        clock,
                        steady,
                        meters,
                        config.namespace(),
                        config.membership().removal()));
        namespace.start();
        MasterFacts facts = new MasterFacts(cluster, leader.epoch(), clock.millis(), journal, store, clock);
        parts.add("calls", server.serve(namespace, workers, masters, facts, leads));
        return namespace;
    }

    /** The port that the calls come to. */
    public int port() {
        return server.port();
    }

    public String clusterId() {
        return clusterId;
    }

    /** Whether nothing is left to carry on of what a crash interrupted. */
    public boolean isRecovered() {
        return namespace.isRecovered();
    }

    @Override
    public void close() {
        parts.close();
    }
}
