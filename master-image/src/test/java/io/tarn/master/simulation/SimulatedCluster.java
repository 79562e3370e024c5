package io.tarn.master.simulation;

import io.tarn.master.MasterConfig;
import io.tarn.master.checkpoint.CheckpointConfig;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.membership.MembershipConfig;
import io.tarn.master.namespace.MemoryStores;
import io.tarn.master.namespace.NamespaceConfig;
import io.tarn.master.rpc.RpcConfig;
import io.tarn.master.rpc.SimulatedServer;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.testing.simulation.SimulatedLog;
import io.tarn.testing.simulation.SimulatedProcess;
import io.tarn.testing.simulation.Simulation;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.StoreCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Three masters, an etcd, three workers, two stores, and the network between them. */
final class SimulatedCluster {
    /** On so many workers is what no store has. */
    static final int COPIES = 2;

    static final int WORKERS = 3;

    private static final long SLOWEST_STORE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** By path. */
    static final Map<String, String> MOUNTS = Map.of("/m", "memory://m/", "/o", "object://o/");

    private static final String SUPERUSER = "root";

    private final Simulation simulation;
    private final SimulatedProcess world;
    private final SimulatedNetwork network;
    private final SimulatedEtcd etcd;
    private final MemoryStores stores;
    private final MasterConfig config = newConfig();
    private final List<SimulatedMaster> masters;
    private final List<SimulatedWorker> workers;
    private final Invariants invariants;
    private int writing;

    SimulatedCluster(Simulation simulation) {
        this.simulation = simulation;
        this.world = new SimulatedProcess(simulation, "world");
        this.network = new SimulatedNetwork(simulation);
        this.etcd = new SimulatedEtcd(simulation);
        this.stores = new MemoryStores(world::millis);
        this.masters = Stream.of("master-a:1", "master-b:1", "master-c:1")
                .map(address -> new SimulatedMaster(this, address))
                .toList();
        this.workers = LongStream.rangeClosed(1, WORKERS)
                .mapToObj(id -> new SimulatedWorker(this, id))
                .toList();
        this.invariants = new Invariants(this);
        MOUNTS.values().forEach(uri -> stores.store(uri).faults().observe(this::useStore));
    }

    private static MasterConfig newConfig() {
        NamespaceConfig defaults = NamespaceConfig.DEFAULT;
        NamespaceConfig namespace = new NamespaceConfig(
                SUPERUSER,
                "supergroup",
                List.of(),
                Duration.ofSeconds(5),
                defaults.ticketLifetime(),
                defaults.blockSize(),
                defaults.storeOperations(),
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                defaults.persistExclude(),
                defaults.persists(),
                defaults.ttlInterval(),
                COPIES,
                Duration.ofSeconds(4));
        return new MasterConfig(
                Path.of("nowhere"),
                RpcConfig.DEFAULT,
                namespace,
                new MembershipConfig(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofHours(1)),
                LeaderConfig.DEFAULT,
                JournalConfig.DEFAULT,
                StateConfig.DEFAULT,
                CheckpointConfig.DEFAULT,
                EtcdConfig.at(List.of("http://etcd:2379"), "/tarn/s/"),
                new ElectionConfig(Duration.ofSeconds(2), ""));
    }

    void start() {
        masters.forEach(SimulatedMaster::start);
        workers.forEach(SimulatedWorker::start);
    }

    Simulation simulation() {
        return simulation;
    }

    /** What is of no process that can fail. */
    SimulatedProcess world() {
        return world;
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedEtcd etcd() {
        return etcd;
    }

    MemoryStores stores() {
        return stores;
    }

    FaultyUnderStore anyStore() {
        List<String> uris = MOUNTS.values().stream().sorted().toList();
        return stores.store(uris.get(simulation.random().nextInt(uris.size())));
    }

    /** Files that a client writes at the moment. */
    int writing() {
        return writing;
    }

    void writing(int more) {
        writing += more;
    }

    MasterConfig config() {
        return config;
    }

    List<SimulatedMaster> masters() {
        return masters;
    }

    List<SimulatedWorker> workers() {
        return workers;
    }

    Invariants invariants() {
        return invariants;
    }

    SimulatedWorker worker(long id) {
        return workers.get((int) id - 1);
    }

    SimulatedChannel.@Nullable Served masterAt(String address) {
        return masters.stream()
                .filter(master ->
                        master.address().equals(address) && master.process().isAlive())
                .findFirst()
                .orElse(null);
    }

    /** Who leads and serves, by its own account; the one of the latest epoch. */
    @Nullable
    SimulatedMaster leader() {
        SimulatedMaster found = null;
        long epoch = 0;
        for (SimulatedMaster master : masters) {
            SimulatedServer.Serving serving = master.serving();
            if (serving != null && serving.epoch() > epoch) {
                found = master;
                epoch = serving.epoch();
            }
        }
        return found;
    }

    /** What a master takes over that has fallen too far behind. */
    @Nullable
    InMemoryStateStore stateOfAnother(SimulatedMaster asking) {
        for (SimulatedMaster other : masters) {
            InMemoryStateStore theirs = other.store();
            if (other != asking && theirs != null && !other.process().isPaused()) {
                theirs.flush();
                return theirs.crash();
            }
        }
        return null;
    }

    /** A store takes its time. */
    private void useStore(StoreCall call, String path) {
        SimulatedLog.line("store: " + call + " " + path);
        LockSupport.parkNanos(simulation.random().nextLong(SLOWEST_STORE_NANOS));
    }
}
