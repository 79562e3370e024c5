package io.tarn.master.simulation;

import io.tarn.master.namespace.Namespace;
import io.tarn.master.record.Keys;
import io.tarn.master.rpc.SimulatedServer;
import io.tarn.master.state.Format;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Caller;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.ListRequest;
import io.tarn.testing.simulation.SimulatedLog;
import io.tarn.testing.simulation.SimulatedProcess;
import io.tarn.testing.simulation.Simulation;
import io.tarn.understore.StoreStatus;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One seed's run: clients at work, faults, then quiet, and a look at everything. */
public final class SimulationRun {
    private static final long MAX_STEPS = 3_000_000;
    private static final int CLIENTS = 4;
    private static final int OPERATIONS = 200;
    private static final int FAULTS = 20;
    private static final long LONGEST_FAULT_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(20);

    private final Simulation simulation;
    private final Random random;
    private final SimulatedCluster cluster;
    private final SharedPaths shared;
    private final List<OwnTree> trees = new ArrayList<>();
    private final Map<String, Long> figures = new TreeMap<>();
    private int clientsLeft = CLIENTS;
    private int faultsLeft = FAULTS;
    private long values;
    private boolean over;

    private SimulationRun(long seed) {
        simulation = new Simulation(seed, MAX_STEPS);
        random = simulation.random();
        cluster = new SimulatedCluster(simulation);
        shared = new SharedPaths(simulation);
    }

    /**
     * Runs a seed. The same seed does the same each time.
     *
     * @return how much of what there was: kinds of faults, steps, and the trace
     * @throws AssertionError where an invariant does not hold; its message names it
     */
    public static Map<String, Long> run(long seed) {
        return new SimulationRun(seed).run();
    }

    private Map<String, Long> run() {
        cluster.world().start("run", this::script);
        simulation.run(() -> over);
        count("steps", simulation.steps());
        count("milliseconds", simulation.nanos() / 1_000_000);
        figures.put("trace", simulation.trace());
        return figures;
    }

    private void count(String what, long by) {
        figures.merge(what, by, Long::sum);
    }

    private void script() {
        try {
            cluster.start();
            SimulatedClient operator = new SimulatedClient(cluster, cluster.world(), 1);
            for (Map.Entry<String, String> mount : new TreeMap<>(SimulatedCluster.MOUNTS).entrySet()) {
                operator.mount(mount.getKey(), mount.getValue());
            }
            for (int i = 0; i < CLIENTS; i++) {
                startClient(10 + i);
            }
            while (faultsLeft > 0 || clientsLeft > 0) {
                if (faultsLeft > 0) {
                    injectFault();
                }
                cluster.invariants().compareStates();
                sleep(random.nextLong(TimeUnit.MILLISECONDS.toNanos(900)));
            }
            becomeQuiet();
            checkAll(operator);
            over = true;
        } catch (TarnException e) {
            throw new AssertionError("nothing should fail in quiet times", e);
        }
    }

    private static void sleep(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    private void startClient(int number) {
        String name = "client-" + number;
        SimulatedProcess process = new SimulatedProcess(simulation, name);
        process.start("work", () -> {
            SimulatedClient client = new SimulatedClient(cluster, process, number);
            OwnTree tree = null;
            for (int i = 0; i < OPERATIONS / CLIENTS; i++) {
                if (random.nextBoolean()) {
                    shared.operate(client, name);
                } else {
                    if (tree == null || tree.isUnknown()) {
                        tree = newTree(client, number);
                    }
                    tree.operate(++values);
                }
                count("operations", 1);
                sleep(random.nextLong(TimeUnit.MILLISECONDS.toNanos(150)));
            }
            clientsLeft--;
        });
    }

    private OwnTree newTree(SimulatedClient client, int number) {
        String above = List.of("", "/m", "/o").get(random.nextInt(3));
        OwnTree tree = new OwnTree(simulation, client, above + "/own-" + number + "-" + trees.size());
        trees.add(tree);
        return tree;
    }

    private void injectFault() {
        FaultKind kind = FaultKind.values()[random.nextInt(FaultKind.values().length)];
        Runnable end = kind.begin(cluster);
        if (end == null) {
            return;
        }
        SimulatedLog.line("fault: " + kind);
        faultsLeft--;
        count("faults", 1);
        count("fault " + kind, 1);
        cluster.world().after(random.nextLong(LONGEST_FAULT_NANOS), () -> {
            SimulatedLog.line("fault ends: " + kind);
            end.run();
        });
    }

    private void becomeQuiet() throws TarnException {
        sleep(LONGEST_FAULT_NANOS);
        SimulatedLog.line("quiet");
        cluster.network().calm();
        for (String store : SimulatedCluster.MOUNTS.values()) {
            cluster.stores().store(store).faults().clear();
        }
        cluster.masters().forEach(FaultKind::startAgain);
        cluster.masters().forEach(SimulatedMaster::upgrade);
        cluster.workers().forEach(FaultKind::startAgain);
        long endNanos = simulation.nanos() + QUIET_NANOS;
        for (String missing = missing(); missing != null; missing = missing()) {
            if (simulation.nanos() > endNanos) {
                throw new AssertionError("not quiet in time: " + missing);
            }
            sleep(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    /** What has still to be done; null where all is. */
    private @Nullable String missing() throws TarnException {
        SimulatedMaster leader = cluster.leader();
        if (leader == null) {
            return "nobody leads";
        }
        InMemoryStateStore store = leader.store();
        SimulatedServer.Serving serving = leader.serving();
        if (store == null || serving == null) {
            return "a leader that serves";
        }
        if (Format.of(store) < Format.NEWEST) {
            return "the newest format";
        }
        for (Table table : List.of(
                Table.UNPERSISTED, Table.PERSISTING, Table.TOMBSTONE, Table.INTENT, Table.COPIED, Table.PENDING)) {
            try (StateReader.Cursor cursor = store.scan(table, Keys.ALL, null)) {
                if (cursor.next()) {
                    return table + " of " + leader.address();
                }
            }
        }
        if (serving.workers().aliveCount() < cluster.workers().size()) {
            return "a worker";
        }
        if (cluster.masters().stream()
                .anyMatch(master ->
                        master.store() == null || master.store().appliedSequence() < store.appliedSequence())) {
            return "a master that has applied everything";
        }
        return cluster.invariants().fewestCopies() < SimulatedCluster.COPIES ? "copies" : misplaced();
    }

    private @Nullable String misplaced() throws TarnException {
        for (OwnTree tree : trees) {
            String misplaced = tree.misplaced();
            if (misplaced != null) {
                return misplaced;
            }
        }
        return null;
    }

    private void checkAll(SimulatedClient client) throws TarnException {
        cluster.invariants().compareStates();
        shared.check(client);
        trees.forEach(OwnTree::check);
        SimulatedServer.Serving serving =
                Objects.requireNonNull(Objects.requireNonNull(cluster.leader()).serving());
        for (Map.Entry<String, String> mount : new TreeMap<>(SimulatedCluster.MOUNTS).entrySet()) {
            Map<String, Long> shown = list(serving.namespace(), mount.getKey());
            Map<String, Long> held = new TreeMap<>();
            for (Iterator<StoreStatus> entries =
                            cluster.stores().store(mount.getValue()).listRecursive("");
                    entries.hasNext(); ) {
                StoreStatus entry = entries.next();
                held.put(mount.getKey() + "/" + entry.path(), entry.directory() ? -1 : entry.lengthBytes());
            }
            if (!shown.equals(held)) {
                throw new AssertionError(
                        "StoresFollow: " + mount.getKey() + " shows " + shown + ", and its store holds " + held);
            }
        }
    }

    private static Map<String, Long> list(Namespace namespace, String path) throws TarnException {
        Map<String, Long> found = new TreeMap<>();
        var listing = namespace.list(ListRequest.newBuilder()
                .setCaller(Caller.newBuilder().setUser("root").setClientId(1))
                .setPath(path)
                .setRecursive(true)
                .build());
        for (List<FileStatus> page = listing.next(); !page.isEmpty(); page = listing.next()) {
            page.forEach(status ->
                    found.put(status.getPath(), status.getType() == FileType.DIRECTORY ? -1 : status.getLengthBytes()));
        }
        return found;
    }
}
