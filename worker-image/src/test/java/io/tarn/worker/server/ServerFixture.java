package io.tarn.worker.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.runtime.config.DataSize;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.MemoryUnderStore;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UnderStores;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.fill.FillService;
import io.tarn.worker.fill.FillSettings;
import io.tarn.worker.fill.PeerFetch;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.TierSettings;
import io.tarn.worker.page.store.ReadOnlyViews;
import io.tarn.worker.page.store.TieredPageStore;
import io.tarn.worker.peer.Peers;
import io.tarn.worker.persist.PersistedVersions;
import io.tarn.worker.pin.PinnedFiles;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.store.MountedStores;
import io.tarn.worker.write.RoomRequests;
import io.tarn.worker.write.TicketOrders;
import io.tarn.worker.write.WriteService;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A data plane on real sockets, a real page store on a tmpfs, and one mounted store in memory that can be made to fail. */
final class ServerFixture implements AutoCloseable {
    static final int MIB = 1 << 20;
    static final long MOUNT = 7;
    private static final long VALID_MILLIS = 60_000;
    private static final byte[] KEY = "sixteen secret bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    final FaultyUnderStore under;
    final StoreProbe probe;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ClusterView cluster;
    final WorkerMetrics metrics = new WorkerMetrics(registry);
    final PinnedFiles pinned;
    final PageStore pages;
    final PersistedVersions persisted;
    final FillService fills;
    final TicketOrders sealing;
    final TicketOrders copying;
    final Peers peers;

    /** Happens once, just before a writer looks for pages. */
    final AtomicReference<Runnable> beforeNextFind = new AtomicReference<>(() -> {});

    final DataServer server;
    private final Path directory;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final MountedStores stores;

    ServerFixture() throws IOException {
        this(64, FillSettings.DEFAULT, settings -> settings);
    }

    ServerFixture(int memoryMib, FillSettings fillSettings, UnaryOperator<ServerSettings> change) throws IOException {
        this(memoryMib, fillSettings, change, new MemoryUnderStore("memory://test", () -> 1_000));
    }

    /** One of several workers. */
    ServerFixture(long workerId) throws IOException {
        this(workerId, new MemoryUnderStore("memory://test", () -> 1_000));
    }

    ServerFixture(long workerId, UnderStore underStore) throws IOException {
        this(workerId, 64, FillSettings.DEFAULT, settings -> settings, underStore);
    }

    ServerFixture(int memoryMib, FillSettings fillSettings, UnaryOperator<ServerSettings> change, UnderStore underStore)
            throws IOException {
        this(42, memoryMib, fillSettings, change, underStore);
    }

    private ServerFixture(
            long workerId,
            int memoryMib,
            FillSettings fillSettings,
            UnaryOperator<ServerSettings> change,
            UnderStore underStore)
            throws IOException {
        cluster = new ClusterView(workerId, InstantSource.system());
        peers = Peers.start(cluster);
        under = new FaultyUnderStore(underStore);
        probe = new StoreProbe(under);
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-server-test");
        Path mem = directory.resolve("mem");
        pinned = PinnedFiles.open(directory);
        pages = TieredPageStore.open(tiers(memoryMib), ReadOnlyViews.of(Map.of(mem, mem)), pinned, registry);
        Pins pins = new Pins(pinned, pages);
        stores = new MountedStores(new UnderStores(List.of(new OnlyStore(under))));
        stores.replace(List.of(Mount.newBuilder()
                .setId(MOUNT)
                .setPath("/data")
                .setStoreUri("memory://test")
                .build()));
        cluster.useTicketKey(KEY);
        cluster.sawEpoch(5);
        persisted = PersistedVersions.open(directory, InstantSource.system());
        fills = new FillService(fillSettings, stores, new PeerFetch(cluster, peers), pages, threads);
        PageStore watched = (PageStore) Proxy.newProxyInstance(
                PageStore.class.getClassLoader(), new Class<?>[] {PageStore.class}, this::lookIntoPages);
        WriteService writes = new WriteService(
                watched, pins, new RoomRequests(), persisted, stores, cluster, peers, metrics, threads);
        sealing = new TicketOrders("seal", (signed, ticket) -> writes.seal(ticket), writes, threads);
        copying = new TicketOrders("copy", writes::copy, writes, threads);
        ServerSettings settings = change.apply(ServerSettings.DEFAULT.withAddress("127.0.0.1", 0, socket().toString()));
        server = DataServer.start(
                new ServerContext(settings, cluster, pages, pins, persisted, stores, fills, writes, metrics, threads));
    }

    /** The page store as writers see it, with {@link #beforeNextFind}. */
    private @Nullable Object lookIntoPages(Object proxy, Method method, Object @Nullable [] arguments)
            throws ReflectiveOperationException {
        if (method.getName().equals("find")) {
            beforeNextFind.getAndSet(() -> {}).run();
        }
        return method.invoke(pages, arguments);
    }

    private TierSettings tiers(int memoryMib) {
        return new TierSettings(
                List.of(directory.resolve("mem")),
                new DataSize((long) memoryMib * MIB),
                List.of(),
                new DataSize(MIB),
                new DataSize(MIB),
                64,
                1000,
                80);
    }

    Path socket() {
        return directory.resolve("worker.sock");
    }

    RawClient connect() throws IOException {
        return new RawClient(new InetSocketAddress("127.0.0.1", server.port()));
    }

    RawClient connectSocket() throws IOException {
        return new RawClient(UnixDomainSocketAddress.of(socket()));
    }

    /** A reading ticket for what the store holds under {@code status}. */
    SignedTicket ticket(StoreStatus status) throws IOException {
        return ticket(status, VALID_MILLIS);
    }

    /** @param validMillis from now on; negative for one that has expired */
    SignedTicket ticket(StoreStatus status, long validMillis) throws IOException {
        return sign(
                Ticket.newBuilder()
                        .setVersion(version(status).toMessage())
                        .setLengthBytes(status.lengthBytes())
                        .setBacking(backing(status)),
                validMillis);
    }

    static FileVersion version(StoreStatus status) {
        return FileVersion.mirrored(MOUNT, status.path(), status.versionTag());
    }

    private static Backing backing(StoreStatus status) {
        return Backing.newBuilder()
                .setMountId(MOUNT)
                .setPath(status.path())
                .setVersionTag(status.versionTag())
                .build();
    }

    /** A writing ticket for a new owned file; {@code storePath} empty = no under store. */
    SignedTicket writeTicket(long inode, WriteType type, String storePath) throws IOException {
        Ticket.Builder ticket = Ticket.newBuilder()
                .setVersion(FileVersion.owned(inode, 1).toMessage())
                .setFileId(inode)
                .setMayWrite(true)
                .setWriteType(type);
        if (!storePath.isEmpty()) {
            ticket.setBacking(Backing.newBuilder().setMountId(MOUNT).setPath(storePath));
        }
        return sign(ticket);
    }

    SignedTicket sign(Ticket.Builder ticket) throws IOException {
        return sign(ticket, VALID_MILLIS);
    }

    private SignedTicket sign(Ticket.Builder ticket, long validMillis) throws IOException {
        long end = InstantSource.system().millis() + validMillis;
        return cluster.signer()
                .sign(ticket.setPath("/data/file").setExpiresMillis(end).build());
    }

    /** Bytes that came from the store, once no fetch is going on. */
    long storeBytes() {
        await("fetches to end", () -> fills.pagesInFlight() == 0);
        return (long) registry.find("tarn.worker.under.store.read.bytes").counters().stream()
                .mapToDouble(io.micrometer.core.instrument.Counter::count)
                .sum(); // nothing where no file was opened
    }

    double count(String meter, String... tags) {
        return registry.get(meter).tags(tags).counters().stream()
                .mapToDouble(io.micrometer.core.instrument.Counter::count)
                .sum();
    }

    /** Waits for a condition that other threads bring about. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        stores.close();
        pages.close();
        pinned.close();
        persisted.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Opens the one store whatever the URI. */
    private record OnlyStore(UnderStore store) implements UnderStoreFactory {
        @Override
        public Set<String> schemes() {
            return Set.of("memory");
        }

        @Override
        public UnderStore open(String storeUri, MountOptions options) {
            return store;
        }
    }
}
