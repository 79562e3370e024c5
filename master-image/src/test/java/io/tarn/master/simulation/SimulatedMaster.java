package io.tarn.master.simulation;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tarn.master.MasterConfig;
import io.tarn.master.Member;
import io.tarn.master.election.Election;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.peer.Peers;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.rpc.SimulatedServer;
import io.tarn.master.state.Format;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One master, which is killed and started again, and its disk, which is not. It begins as a release of the first format; who starts it again has upgraded it. */
final class SimulatedMaster implements SimulatedChannel.Served {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SimulatedCluster cluster;
    private final String address;
    private SimulatedProcess process;
    private InMemoryStateStore disk = new InMemoryStateStore();
    private @Nullable SimulatedState state;
    private @Nullable SimulatedServer server;
    private @Nullable Member member;
    private int reads = Format.FIRST;

    SimulatedMaster(SimulatedCluster cluster, String address) {
        this.cluster = cluster;
        this.address = address;
        this.process = new SimulatedProcess(cluster.simulation(), address);
        process.kill();
    }

    String address() {
        return address;
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    /** Its namespace, while it leads. */
    SimulatedServer.@Nullable Serving serving() {
        SimulatedServer now = server;
        return !process.isAlive() || now == null ? null : now.serving();
    }

    @Nullable
    InMemoryStateStore store() {
        return !process.isAlive() || state == null ? null : state.store();
    }

    void start() {
        process = new SimulatedProcess(cluster.simulation(), address);
        process.start("main", this::open);
    }

    /** The newest format that it reads. */
    int reads() {
        return reads;
    }

    /** Where nobody has yet. */
    void upgrade() {
        if (reads < Format.NEWEST) {
            kill();
            start();
        }
    }

    /** Nothing is left but what was flushed. */
    void kill() {
        if (process.isAlive()) {
            process.kill();
            disk = state == null ? disk.crash() : state.store().crash();
            state = null;
            server = null;
            member = null;
            reads = Format.NEWEST;
        }
    }

    /** Ends it as an operator would, and starts it again. */
    void restart() {
        Member stopping = member;
        SimulatedProcess before = process;
        if (stopping != null && before.isAlive()) {
            before.start("stop", () -> {
                stopping.close();
                if (before == process) {
                    kill();
                    cluster.world().after(1_000_000, this::start);
                }
            });
        }
    }

    private void open() {
        MasterConfig config = cluster.config();
        MeterRegistry meters = new CompositeMeterRegistry();
        Lifecycle parts = new Lifecycle();
        EtcdConnection etcd = parts.add(
                "etcd",
                new EtcdConnection(new SimulatedEtcdClient(cluster.etcd(), cluster.network(), process), config.etcd()));
        Election election = new Election(etcd, config.election(), address, reads);
        EtcdJournal journal = new EtcdJournal(etcd, election);
        SimulatedState opened = openState(journal);
        SimulatedServer started = new SimulatedServer(process, meters);
        state = parts.add("state", opened);
        server = started;
        Peers peers =
                new Peers(election, to -> new SimulatedChannel(cluster.network(), process, () -> cluster.masterAt(to)));
        member = new Member(
                        parts,
                        config,
                        etcd,
                        election,
                        journal,
                        opened,
                        cluster.stores().asStores(),
                        started,
                        peers,
                        meters,
                        new ProcessClock(process),
                        new RecordCodec(reads),
                        this::ended)
                .begin();
    }

    /** It has met what it does not read. */
    private void ended(String what, Throwable cause) {
        SimulatedProcess before = process;
        cluster.world().after(1_000_000, () -> {
            if (before == process) {
                kill();
                start();
            }
        });
    }

    private SimulatedState openState(EtcdJournal journal) {
        while (true) {
            try {
                return new SimulatedState(journal, disk, () -> cluster.stateOfAnother(this));
            } catch (TarnException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    @Override
    public <Q, R> void take(MethodDescriptor<Q, R> method, Q request, SimulatedServer.Answer<R> answer) {
        SimulatedServer now = server;
        if (now == null) {
            answer.give(null, Status.UNAVAILABLE, new Metadata());
            return;
        }
        now.take(method, request, (message, status, trailers) -> {
            cluster.invariants().answered(this, method, status);
            answer.give(message, status, trailers);
        });
    }
}
