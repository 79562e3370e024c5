package io.tarn.worker.page.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.worker.page.CacheQuota;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.PinnedVersions;
import io.tarn.worker.page.TierSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page store over MEM and SSD directories. Open it with {@link #open}; safe for many threads. */
public final class TieredPageStore implements PageStore {
    private static final Logger LOG = LoggerFactory.getLogger(TieredPageStore.class);

    private static final Duration ROUND_INTERVAL = Duration.ofSeconds(1);

    private final KnownFiles files;
    private final OpenedDirectories opened;
    private final StoreParts parts;
    private final PageStoreMetrics metrics;
    private final TierFigures figures;
    private final Mover mover;
    private final Thread moverThread;

    private TieredPageStore(
            TierSettings settings,
            ReadOnlyViews views,
            PinnedVersions pins,
            OpenedDirectories opened,
            PageStoreMetrics metrics) {
        this.opened = opened;
        this.metrics = metrics;
        this.parts = new StoreParts(
                new Placement(opened.directories()),
                new OpenFiles(settings.openFiles()),
                new PageBuffers(2 * Runtime.getRuntime().availableProcessors() + 2),
                metrics,
                opened.exportedSpace(),
                views,
                StoreParts.newStripes(),
                new Pinning(pins, settings.maxPinnedPercent(), opened.directories(), metrics),
                opened.shares(),
                () -> (int) (System.nanoTime() / 1_000_000_000));
        this.files = new KnownFiles(parts, settings.maxFiles());
        this.figures = new TierFigures(opened.directories());
        this.mover = new Mover(files::all, parts, settings.moveBytesPerSecond().bytes());
        this.moverThread = Thread.ofPlatform().name("page-mover").daemon().unstarted(() -> mover.run(ROUND_INTERVAL));
    }

    /** As the other, on a worker that hands out no descriptors and pins nothing. */
    public static TieredPageStore open(TierSettings settings, MeterRegistry registry) throws TarnException {
        return open(settings, ReadOnlyViews.none(), PinnedVersions.NONE, registry);
    }

    /**
     * Takes the directories, finds what they hold, and starts moving segments between the tiers.
     *
     * @param views the read-only mounts of the tier directories through which descriptors may leave the worker
     * @param pins versions whose pages are kept from the start, or when they come
     * @throws TarnException INVALID_ARGUMENT naming the setting, where a directory is missing, full, not writable, or another process's
     */
    public static TieredPageStore open(
            TierSettings settings, ReadOnlyViews views, PinnedVersions pins, MeterRegistry registry)
            throws TarnException {
        TieredPageStore store = openIdle(settings, views, pins, registry);
        store.moverThread.start();
        return store;
    }

    /** Without the background thread: tests run the mover's rounds themselves. */
    static TieredPageStore openIdle(
            TierSettings settings, ReadOnlyViews views, PinnedVersions pins, MeterRegistry registry)
            throws TarnException {
        PageStoreMetrics metrics = new PageStoreMetrics(registry);
        OpenedDirectories opened = OpenedDirectories.open(settings);
        boolean done = false;
        try {
            TieredPageStore store = new TieredPageStore(settings, views, pins, opened, metrics);
            store.recover();
            opened.checkSpace();
            store.registerGauges();
            done = true;
            return store;
        } finally {
            if (!done) {
                opened.close(false);
            }
        }
    }

    /** The heat of each segment of a version, for tests of the mover. */
    List<Heat> heatOf(FileVersion version) {
        StoredFile file = files.get(version);
        return file == null
                ? List.of()
                : file.segments().stream().map(Segment::heat).toList();
    }

    Mover mover() {
        return mover;
    }

    @Override
    public @Nullable CachedFile find(FileVersion version) {
        StoredFile file = files.use(version);
        if (file == null) {
            return null;
        }
        FileHandle handle = new FileHandle(files, parts, file);
        if (file.presentPages() == 0) {
            handle.close();
            return null;
        }
        return handle;
    }

    @Override
    public CachedFile open(FileVersion version, long lengthBytes, boolean persisted, long mountId)
            throws TarnException {
        StoredFile file = files.useOrMake(version, lengthBytes, persisted);
        if (mountId != 0) {
            file.setMount(mountId);
        }
        file.joinShare();
        FileHandle handle = new FileHandle(files, parts, file);
        if (lengthBytes >= 0 && file.lengthBytes() != lengthBytes) {
            handle.close();
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    version + " is here with " + file.lengthBytes() + " bytes, not " + lengthBytes
                            + ": one version has one length");
        }
        return handle;
    }

    @Override
    public List<FileVersion> unpersistedVersions() {
        return files.all().stream()
                .filter(file -> !file.isPersisted() && file.presentPages() > 0)
                .map(StoredFile::version)
                .toList();
    }

    @Override
    public void delete(FileVersion version) {
        files.delete(version);
    }

    @Override
    public void pin(FileVersion version, boolean pinned) {
        StoredFile file = files.get(version);
        if (file != null && pinned) {
            parts.pinning().pin(file);
        } else if (file != null && file.isPinned()) {
            file.setPinned(false);
        }
    }

    @Override
    public void useQuotas(Map<Long, CacheQuota> quotas) {
        if (!parts.shares().replace(quotas, figures.capacityBytes())) {
            return;
        }
        files.all().forEach(StoredFile::joinShare);
        opened.directories().forEach(directory -> directory.queues().forgetUnless(parts.shares()::isKnown));
        for (CacheQuota quota : quotas.values()) {
            if (!quota.isNone()) {
                metrics.mountGauge(quota.mount(), () -> parts.shares().usedBytes(quota.mount()));
            }
        }
    }

    @Override
    public List<TierUsage> usage() {
        return figures.usage();
    }

    @Override
    public long files() {
        return files.all().stream().filter(file -> file.presentPages() > 0).count();
    }

    @Override
    public Iterable<FileVersion> versions() {
        return files.versions();
    }

    @Override
    public void close() {
        mover.stop();
        boolean interrupted = false;
        while (moverThread.isAlive()) {
            try {
                moverThread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        parts.openFiles().closeAll();
        opened.close(true);
    }

    private void recover() {
        long start = System.nanoTime();
        List<FoundSegment> found = new ArrayList<>();
        for (TierDirectory directory : opened.directories()) {
            found.addAll(new DirectoryScan(directory, metrics).run());
        }
        found.sort(Comparator.comparingLong(FoundSegment::modifiedMillis));
        Recovery recovery = new Recovery(files::recovered, parts, opened);
        found.forEach(recovery::add);
        recovery.enterQueues();
        files.all().forEach(parts.pinning()::enforce);
        LOG.info(
                "page store: {} files, {} pages found in {} ms",
                files.size(),
                recovery.pages(),
                (System.nanoTime() - start) / 1_000_000);
    }

    private void registerGauges() {
        figures.registerGauges(metrics);
        metrics.gauge("cached_files", "File versions in memory", files::size);
        metrics.gauge("open_segment_files", "Segment files kept open", parts.openFiles()::count);
    }
}
