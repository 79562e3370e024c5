package io.tarn.standalone.history;

import io.tarn.master.MasterMain;
import io.tarn.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three etcd, three masters and three workers, each a process of its own. For one thread. */
public final class RealCluster implements AutoCloseable {
    private static final int EACH = 3;
    private static final int ETCD_CLIENTS = 21_000;
    private static final int ETCD_PEERS = 21_100;
    private static final int MASTERS = 21_200;
    private static final int WORKERS = 21_300;
    private static final int HTTP = 21_400;

    private final Path directory;
    private final Path memory;
    private final List<Network.Host> etcdHosts;
    private final List<Network.Host> masterHosts;
    private final List<Member> etcds = new ArrayList<>();
    private final List<Member> masters = new ArrayList<>();
    private final List<Member> workers = new ArrayList<>();

    /**
     * Makes it; nothing runs yet.
     *
     * @param memory for the MEM tiers
     */
    public RealCluster(Path directory, Path memory, Network network) throws IOException, InterruptedException {
        this.directory = directory;
        this.memory = memory;
        this.etcdHosts = hosts(network);
        this.masterHosts = hosts(network);
        List<Network.Host> workerHosts = hosts(network);
        for (int i = 0; i < EACH; i++) {
            etcds.add(member("etcd-" + i, etcdHosts.get(i), etcd(i)));
            masters.add(member("master-" + i, masterHosts.get(i), master(i)));
            workers.add(member("worker-" + i, workerHosts.get(i), worker(i, workerHosts.get(i))));
        }
    }

    private static List<Network.Host> hosts(Network network) throws IOException, InterruptedException {
        List<Network.Host> hosts = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            hosts.add(network.add());
        }
        return hosts;
    }

    private Member member(String name, Network.Host host, List<String> command) {
        return new Member(name, host, directory.resolve(name + ".log"), command);
    }

    public void start() throws IOException {
        for (Member member : all().toList()) {
            member.start();
        }
    }

    public Stream<Member> all() {
        return Stream.of(etcds, masters, workers).flatMap(List::stream);
    }

    List<Member> etcds() {
        return etcds;
    }

    public List<Member> masters() {
        return masters;
    }

    public List<Member> workers() {
        return workers;
    }

    /** Where the masters answer, as host:port. */
    public List<String> masterAddresses() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            addresses.add(masterHosts.get(i).address() + ":" + (MASTERS + i));
        }
        return addresses;
    }

    /** Where etcd answers, as URLs. */
    public List<String> etcdEndpoints() {
        List<String> endpoints = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            endpoints.add("http://" + etcdHosts.get(i).address() + ":" + (ETCD_CLIENTS + i));
        }
        return endpoints;
    }

    private List<String> etcd(int i) {
        String host = etcdHosts.get(i).address();
        List<String> members = new ArrayList<>();
        for (int j = 0; j < EACH; j++) {
            members.add("etcd-" + j + "=http://" + etcdHosts.get(j).address() + ":" + (ETCD_PEERS + j));
        }
        return List.of(
                "etcd",
                "--name=etcd-" + i,
                "--data-dir=" + directory.resolve("etcd-" + i),
                "--listen-client-urls=http://" + host + ":" + (ETCD_CLIENTS + i),
                "--advertise-client-urls=http://" + host + ":" + (ETCD_CLIENTS + i),
                "--listen-peer-urls=http://" + host + ":" + (ETCD_PEERS + i),
                "--initial-advertise-peer-urls=http://" + host + ":" + (ETCD_PEERS + i),
                "--initial-cluster=" + String.join(",", members),
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--log-level=warn");
    }

    private List<String> master(int i) throws IOException {
        return java(
                "master-" + i,
                MasterMain.class,
                List.of(
                        "master.directory = " + directory.resolve("master-" + i),
                        "master.bind-host = " + masterHosts.get(i).address(),
                        "master.port = " + (MASTERS + i),
                        "master.etcd.endpoints = " + String.join(",", etcdEndpoints()),
                        "master.election.address = " + masterAddresses().get(i),
                        "master.election.lease = 2s",
                        "master.checkpoint.interval = 5s",
                        "master.lease = 3s",
                        "http.host = " + masterHosts.get(i).address(),
                        "http.port = " + (HTTP + i)));
    }

    private List<String> worker(int i, Network.Host host) throws IOException {
        return java(
                "worker-" + i,
                WorkerMain.class,
                List.of(
                        "worker.directory = " + directory.resolve("worker-" + i),
                        "worker.bind-host = " + host.address(),
                        "worker.host = " + host.address(),
                        "worker.data-port = " + (WORKERS + i),
                        "worker.socket-path =",
                        "worker.masters = " + String.join(",", masterAddresses()),
                        "worker.tiers.mem.paths = " + memory.resolve("worker-" + i),
                        "worker.tiers.mem.capacity = 256MiB",
                        "worker.tiers.ssd.paths =",
                        "http.host = " + host.address(),
                        "http.port = " + (HTTP + EACH + i)));
    }

    private List<String> java(String name, Class<?> main, List<String> settings) throws IOException {
        Path file = directory.resolve(name + ".settings");
        Files.writeString(file, settings.stream().collect(Collectors.joining("\n", "", "\n")));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.native.detectNativeLibraryDuplicates=false", // HDFS's jar brings a second one
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                file.toString());
    }

    @Override
    public void close() throws InterruptedException {
        for (Member member : all().toList()) {
            member.kill();
        }
    }
}
