package io.tarn.worker.page.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.worker.page.CacheQuota;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.ExportedSegment;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.page.PinnedVersions;
import io.tarn.worker.page.TierSettings;
import io.tarn.worker.page.index.IndexHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page store over MEM and SSD directories. Open it with {@link #open}; safe for many threads. */
public final class TieredPageStore implements PageStore {
    private static final Logger LOG = LoggerFactory.getLogger(TieredPageStore.class);

    private static final Duration ROUND_INTERVAL = Duration.ofSeconds(1);

    /** A file longer than this share of the smallest directory is split. */
    private static final int SEGMENT_SHARE = 4;

    private static final int MAX_SEGMENT_PAGES = 1 << 24;

    /** Times that a segment may move away under a store before the page is given up. */
    private static final int MAX_STORE_ATTEMPTS = 16;

    private final ConcurrentHashMap<FileVersion, StoredFile> files = new ConcurrentHashMap<>();
    private final AtomicLong nextFileId = new AtomicLong(1);
    private final OpenedDirectories opened;
    private final StoreParts parts;
    private final PageStoreMetrics metrics;
    private final TierSettings settings;
    private final Mover mover;
    private final Thread moverThread;

    private TieredPageStore(
            TierSettings settings,
            ReadOnlyViews views,
            PinnedVersions pins,
            OpenedDirectories opened,
            PageStoreMetrics metrics) {
        this.settings = settings;
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
        this.mover =
                new Mover(files::values, parts, settings.moveBytesPerSecond().bytes());
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
        StoredFile file = files.computeIfPresent(version, (key, known) -> {
            known.handles().incrementAndGet();
            return known;
        });
        if (file == null) {
            return null;
        }
        FileHandle handle = new FileHandle(this, file);
        if (file.presentPages() == 0) {
            handle.close();
            return null;
        }
        return handle;
    }

    @Override
    public CachedFile open(FileVersion version, long lengthBytes, boolean persisted, long mountId)
            throws TarnException {
        if (files.size() >= settings.maxFiles() && !files.containsKey(version)) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "this worker holds " + files.size()
                            + " files, the bound set by worker.tiers.max-files: raise it, or free some");
        }
        StoredFile file = files.compute(version, (key, known) -> {
            StoredFile used = known == null ? newFile(version, lengthBytes, persisted) : known;
            used.handles().incrementAndGet();
            return used;
        });
        if (mountId != 0) {
            file.setMount(mountId);
        }
        file.joinShare();
        FileHandle handle = new FileHandle(this, file);
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
        return files.values().stream()
                .filter(file -> !file.isPersisted() && file.presentPages() > 0)
                .map(StoredFile::version)
                .toList();
    }

    @Override
    public void delete(FileVersion version) {
        StoredFile file = files.remove(version);
        if (file != null) {
            file.delete();
        }
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
        if (!parts.shares().replace(quotas, sum(directory -> true, TierDirectory::capacityBytes))) {
            return;
        }
        files.values().forEach(StoredFile::joinShare);
        opened.directories().forEach(directory -> directory.queues().forgetUnless(parts.shares()::isKnown));
        for (CacheQuota quota : quotas.values()) {
            if (!quota.isNone()) {
                metrics.mountGauge(quota.mount(), () -> parts.shares().usedBytes(quota.mount()));
            }
        }
    }

    @Override
    public List<TierUsage> usage() {
        List<TierUsage> usages = new ArrayList<>();
        for (TierDirectory directory : opened.directories()) {
            TierUsage own = TierUsage.newBuilder()
                    .setTier(directory.tier())
                    .setCapacityBytes(directory.capacityBytes())
                    .setUsedBytes(directory.usedBytes())
                    .setPinnedBytes(directory.pinnedBytes().get())
                    .build();
            TierUsage last = usages.isEmpty() ? null : usages.getLast();
            if (last != null && last.getTier().equals(own.getTier())) {
                usages.set(
                        usages.size() - 1,
                        last.toBuilder()
                                .setCapacityBytes(last.getCapacityBytes() + own.getCapacityBytes())
                                .setUsedBytes(last.getUsedBytes() + own.getUsedBytes())
                                .setPinnedBytes(last.getPinnedBytes() + own.getPinnedBytes())
                                .build());
            } else {
                usages.add(own);
            }
        }
        return usages;
    }

    @Override
    public long files() {
        return files.values().stream().filter(file -> file.presentPages() > 0).count();
    }

    @Override
    public Iterable<FileVersion> versions() {
        return files.keySet();
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

    boolean storePage(StoredFile file, int page, ByteBuffer content, int crc32c) throws TarnException {
        file.expectPage(page, content.remaining());
        Segment segment = file.segment(page / file.segmentPages());
        int inSegment = page % file.segmentPages();
        boolean stored;
        try {
            stored = tryStore(segment, inSegment, content, crc32c);
        } catch (IOException e) {
            if (!file.isPersisted()) {
                throw file.failure("storing page " + page, e);
            }
            LOG.warn("page {} of {} is not cached", page, file.version(), e);
            return false;
        }
        if (!stored && !file.isPersisted()) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "no room for page " + page + " of " + file.version()
                            + ": what fills the tiers of this worker is pinned, or not in an under store"
                            + " yet; wait for it, unpin or delete files, or add capacity (worker.tiers.*.capacity)");
        }
        parts.pinning().enforce(file);
        return stored;
    }

    void storeLast(StoredFile file, int page, ByteBuffer content, int crc32c) throws TarnException {
        Segment segment = file.segment(page / file.segmentPages());
        int inSegment = page % file.segmentPages();
        if (!segment.hasPage(inSegment)) {
            storeFirstOfLast(file, page, content, crc32c);
            return;
        }
        try {
            new LastPage(segment, parts).replace(inSegment, content, crc32c);
        } catch (IOException e) {
            throw file.failure("storing page " + page, e);
        }
    }

    /** Where it does not fit, the file has no short page yet. */
    private void storeFirstOfLast(StoredFile file, int page, ByteBuffer content, int crc32c) throws TarnException {
        boolean stored = false;
        try {
            stored = storePage(file, page, content, crc32c);
        } finally {
            if (!stored) {
                file.tailChanged(page, PAGE_BYTES);
            }
        }
    }

    void makeDurable(StoredFile file) throws TarnException {
        try {
            file.makeDurable();
        } catch (IOException e) {
            throw file.failure("marking as durable", e);
        }
        if (!parts.placement().leaveMemory(file, parts)) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "no room for " + file.version()
                            + " on the disks of this worker, where durable files belong: add capacity"
                            + " (worker.tiers.ssd.capacity)");
        }
    }

    long sealFlushed(StoredFile file) throws TarnException {
        try {
            return new FlushedEnd(file, parts).seal();
        } catch (IOException e) {
            throw file.failure("sealing", e);
        }
    }

    private boolean tryStore(Segment segment, int page, ByteBuffer content, int crc32c) throws IOException {
        int attempts = MAX_STORE_ATTEMPTS;
        while (!segment.hasPage(page)) {
            SegmentFile here = segment.currentOrCreate();
            if (here == null || attempts-- == 0 || segment.pages().isHeldDamaged(here, page)) {
                return false;
            }
            long charged = segment.chargedBytes(page);
            if (parts.placement().makeRoom(segment, here, charged, parts)) {
                writeReserved(segment, here, page, content, crc32c, charged);
            } else if (segment.current() == here) {
                return false;
            }
        }
        return true;
    }

    private static void writeReserved(
            Segment segment, SegmentFile here, int page, ByteBuffer content, int crc32c, long charged)
            throws IOException {
        boolean written = false;
        try {
            written = segment.pages().write(here, page, content, crc32c);
        } catch (IOException e) {
            if (!DiskFull.isCause(e)) {
                throw e;
            }
            LOG.debug("the disk is full: the directory's capacity was lowered, so the next attempt makes room", e);
        } finally {
            if (!written) {
                here.directory().released(charged);
            }
        }
    }

    /** The new version leads here before any file has its name, so that nobody else makes files of that name. */
    void becomePersisted(StoredFile file, FileVersion persisted, long mountId) throws TarnException {
        FileVersion old = file.version();
        StoredFile known = files.put(persisted, file);
        if (known != null && known != file) {
            known.delete();
        }
        try {
            file.becomePersisted(persisted, mountId);
        } catch (IOException e) {
            throw file.failure("renaming to " + persisted, e);
        }
        if (!persisted.equals(old)) {
            files.remove(old, file);
        }
        parts.placement().keepLimit(file, 0);
    }

    List<ExportedSegment> export(StoredFile file) throws TarnException {
        return new Export(file, parts).run();
    }

    /** Forgets a file without pages that nobody has open, with the empty segments that it may still have. */
    void forgetIfUnused(StoredFile file) {
        StoredFile left = files.computeIfPresent(
                file.version(),
                (key, known) -> known == file && file.handles().get() == 0 && file.presentPages() == 0 ? null : known);
        if (left == null) {
            file.delete();
        }
    }

    private StoredFile newFile(FileVersion version, long lengthBytes, boolean persisted) {
        long quarter = opened.directories().stream()
                        .mapToLong(TierDirectory::capacityBytes)
                        .min()
                        .orElseThrow()
                / SEGMENT_SHARE
                / PAGE_BYTES;
        long pages = lengthBytes < 0 ? Long.MAX_VALUE : (lengthBytes + PAGE_BYTES - 1) / PAGE_BYTES;
        int segmentPages = (int) Math.clamp(Math.min(pages, quarter), 1, MAX_SEGMENT_PAGES);
        StoredFile file = new StoredFile(
                nextFileId.getAndIncrement(), this, parts, version, lengthBytes, persisted, segmentPages);
        if (parts.pinning().isWanted(version)) {
            parts.pinning().pin(file);
        }
        return file;
    }

    private void recover() {
        long start = System.nanoTime();
        List<FoundSegment> found = new ArrayList<>();
        for (TierDirectory directory : opened.directories()) {
            found.addAll(new DirectoryScan(directory, metrics).run());
        }
        found.sort(Comparator.comparingLong(FoundSegment::modifiedMillis));
        Recovery recovery = new Recovery(this::fileOf, parts, opened);
        found.forEach(recovery::add);
        recovery.enterQueues();
        files.values().forEach(parts.pinning()::enforce);
        LOG.info(
                "page store: {} files, {} pages found in {} ms",
                files.size(),
                recovery.pages(),
                (System.nanoTime() - start) / 1_000_000);
    }

    private StoredFile fileOf(IndexHeader header) {
        return files.computeIfAbsent(header.version(), version -> {
            StoredFile file = new StoredFile(
                    nextFileId.getAndIncrement(),
                    this,
                    parts,
                    version,
                    header.fileBytes(),
                    header.persisted(),
                    header.segmentPages());
            file.setPinned(parts.pinning().isWanted(version));
            return file;
        });
    }

    private void registerGauges() {
        for (TierUsage usage : usage()) {
            String tier = usage.getTier();
            metrics.gauge(
                    "tier_used_bytes",
                    "Bytes of cached pages and their indexes",
                    tier,
                    () -> sum(tier, TierDirectory::usedBytes));
            metrics.gauge(
                    "pinned_bytes",
                    "Bytes of pinned files and their indexes",
                    tier,
                    () -> sum(tier, directory -> directory.pinnedBytes().get()));
            metrics.gauge(
                    "tier_capacity_bytes",
                    "Bytes that the tier may hold",
                    tier,
                    () -> sum(tier, TierDirectory::capacityBytes));
        }
        metrics.gauge("cached_files", "File versions in memory", files::size);
        metrics.gauge("open_segment_files", "Segment files kept open", parts.openFiles()::count);
    }

    private long sum(String tier, ToLongFunction<TierDirectory> value) {
        return sum(directory -> directory.tier().equals(tier), value);
    }

    private long sum(Predicate<TierDirectory> directories, ToLongFunction<TierDirectory> value) {
        return opened.directories().stream()
                .filter(directories)
                .mapToLong(value)
                .sum();
    }
}
