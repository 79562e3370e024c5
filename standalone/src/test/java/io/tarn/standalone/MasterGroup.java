package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.client.ClientOptions;
import io.tarn.client.MasterState;
import io.tarn.client.TarnClient;
import io.tarn.master.MasterSettings;
import io.tarn.master.Member;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.Format;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.testing.etcd.EtcdCluster;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Masters of one cluster on a real etcd, in this process, by number. Not thread-safe. */
final class MasterGroup implements AutoCloseable {
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path directory;
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> addresses = new ArrayList<>();
    private final Map<Integer, Member> members = new TreeMap<>();
    private final Map<Integer, Throwable> ends = new ConcurrentHashMap<>();

    /**
     * Gives each its address; none runs yet.
     *
     * @param settings of all of them, by key
     */
    MasterGroup(Path directory, EtcdCluster etcd, int size, Map<String, String> settings) throws IOException {
        this.directory = directory;
        this.settings.putAll(Map.of(
                "master.bind-host",
                "127.0.0.1",
                "master.superuser",
                "root",
                "master.etcd.endpoints",
                String.join(",", etcd.endpoints()),
                "master.election.lease",
                "2s"));
        this.settings.putAll(settings);
        for (int i = 0; i < size; i++) {
            addresses.add("localhost:" + freePort());
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    List<String> addresses() {
        return addresses;
    }

    Path directory(int number) {
        return directory.resolve("master-" + number);
    }

    /** The settings of one of them, by key. */
    Map<String, String> settings(int number) {
        String address = addresses.get(number);
        Map<String, String> all = new HashMap<>(settings);
        all.put("master.directory", directory(number).toString());
        all.put("master.election.address", address);
        all.put("master.port", address.substring(address.indexOf(':') + 1));
        return all;
    }

    /** The same as a file, which a process takes. */
    Path settingsFile(int number) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(
                directory.resolve("master-" + number + ".settings"),
                settings(number).entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue())
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    void startAll() throws IOException {
        for (int i = 0; i < addresses.size(); i++) {
            start(i);
        }
    }

    Member start(int number) throws IOException {
        return start(number, Format.NEWEST);
    }

    /** As a release that reads formats up to one. */
    Member start(int number, int reads) throws IOException {
        ends.remove(number);
        MasterSettings loaded =
                ConfigLoader.ofDefaults().withOverrides(settings(number)).load(MasterSettings.class);
        Member member = Member.start(
                loaded.master(),
                addresses.get(number),
                UnderStores.load(),
                new SimpleMeterRegistry(),
                InstantSource.system(),
                new RecordCodec(reads),
                (what, cause) -> ends.put(number, cause));
        members.put(number, member);
        return member;
    }

    /** It hands over, where it leads. */
    void stop(int number) {
        Objects.requireNonNull(members.remove(number)).close();
    }

    /** Why one of them, since its start, wants its process to end; null where it does not. */
    @Nullable
    Throwable end(int number) {
        return ends.get(number);
    }

    boolean leads(int number) {
        Member member = members.get(number);
        return member != null && member.isLeading();
    }

    /** Runs the command as root. */
    RunningCache.Run tarn(String... arguments) {
        return RunningCache.tarn(String.join(",", addresses), new byte[0], arguments);
    }

    /** Waits until one leads. */
    int leader() throws Exception {
        await(() -> members.keySet().stream().anyMatch(this::leads));
        return members.keySet().stream().filter(this::leads).findFirst().orElseThrow();
    }

    TarnClient connect() {
        return TarnClient.connect(ClientOptions.of(addresses.toArray(String[]::new)));
    }

    /** Whether one of them has all that the others have. */
    boolean isUpToDate(TarnClient client, int number) throws TarnException {
        List<MasterState> masters = client.masters();
        long last =
                masters.stream().mapToLong(MasterState::appliedSequence).max().orElseThrow();
        return masters.stream()
                .anyMatch(master -> master.address().equals(addresses.get(number)) && master.appliedSequence() == last);
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + WAIT_NANOS;
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        members.values().forEach(Member::close);
        members.clear();
    }
}
