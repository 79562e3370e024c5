package io.tarn.worker.persist;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.PersistCondition;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.Ticket;
import io.tarn.runtime.config.DataSize;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStoreFactory;
import io.tarn.understore.UnderStores;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.TierSettings;
import io.tarn.worker.page.store.ReadOnlyViews;
import io.tarn.worker.page.store.TieredPageStore;
import io.tarn.worker.pin.PinnedFiles;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.store.MountedStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** A page store, one mounted store that can be made to fail, and a scripted master. */
final class PersistFixture implements AutoCloseable {
    static final int MIB = 1 << 20;
    static final long MOUNT = 7;
    static final PersistCondition ABSENT =
            PersistCondition.newBuilder().setAbsent(true).build();
    static final PersistCondition ANY = PersistCondition.getDefaultInstance();
    private static final byte[] KEY = "sixteen secret bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    final FaultyUnderStore under;
    final StoreProbe probe;
    final ScriptedExchange master = new ScriptedExchange();
    final ClusterView cluster = new ClusterView(42, InstantSource.system());
    final MountedStores stores;
    final Path directory;
    PinnedFiles pinned;
    PageStore pages;
    PersistedVersions persisted;
    PersistService service;

    PersistFixture(Path directory, UnderStore underStore) throws IOException {
        this.directory = directory;
        under = new FaultyUnderStore(underStore);
        probe = new StoreProbe(under);
        stores = new MountedStores(new UnderStores(List.of(new OneStore(under))));
        mount(true);
        cluster.useTicketKey(KEY);
        cluster.sawEpoch(5);
        pinned = PinnedFiles.open(directory);
        pages = TieredPageStore.open(tiers(), ReadOnlyViews.none(), pinned, new SimpleMeterRegistry());
        persisted = PersistedVersions.open(directory, InstantSource.system());
        service = start();
    }

    private PersistService start() {
        return PersistService.start(
                new PersistSettings(2), pages, new Pins(pinned, pages), stores, cluster, persisted, () -> master);
    }

    /** The worker as after a clean restart. */
    void restart() throws IOException {
        service.close();
        persisted.close();
        pages.close();
        pinned.close();
        pinned = PinnedFiles.open(directory);
        pages = TieredPageStore.open(tiers(), ReadOnlyViews.none(), pinned, new SimpleMeterRegistry());
        persisted = PersistedVersions.open(directory, InstantSource.system());
        service = start();
    }

    void mount(boolean mounted) {
        Mount mount = Mount.newBuilder()
                .setId(MOUNT)
                .setPath("/data")
                .setStoreUri("memory://test")
                .build();
        stores.replace(mounted ? List.of(mount) : List.of());
    }

    private TierSettings tiers() {
        return new TierSettings(
                List.of(directory.resolve("mem")),
                new DataSize(64L * MIB),
                List.of(),
                new DataSize(MIB),
                new DataSize(MIB),
                64,
                1000,
                80);
    }

    /** A sealed file that only the cache holds. */
    FileVersion write(long inode, byte[] content) throws IOException {
        FileVersion version = FileVersion.owned(inode, 1);
        try (CachedFile file = pages.open(version, -1, false)) {
            for (int offset = 0; offset < content.length; offset += MIB) {
                ByteBuffer page = ByteBuffer.wrap(content, offset, Math.min(MIB, content.length - offset));
                file.store(offset / MIB, page, PageChecksum.of(page));
            }
            file.seal(content.length);
        }
        return version;
    }

    PersistOrder prepare(long persistId, FileVersion version, long lengthBytes, String path, PersistCondition condition)
            throws IOException {
        Ticket ticket = Ticket.newBuilder()
                .setVersion(version.toMessage())
                .setFileId(version.high())
                .setLengthBytes(lengthBytes)
                .setPath("/data/" + path)
                .setEpoch(5)
                .setExpiresMillis(InstantSource.system().millis() + 600_000)
                .setBacking(Backing.newBuilder().setMountId(MOUNT).setPath(path))
                .build();
        return PersistOrder.newBuilder()
                .setPersistId(persistId)
                .setStep(PersistOrder.Step.PREPARE)
                .setTicket(cluster.signer().sign(ticket))
                .setCondition(condition)
                .build();
    }

    static void await(String what, java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        under.faults().clear();
        service.close();
        stores.close();
        persisted.close();
        pages.close();
        pinned.close();
    }

    /** Opens the one store whatever the URI. */
    private record OneStore(UnderStore store) implements UnderStoreFactory {
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
