package io.tarn.worker.registration;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeartbeatResponse;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.RegisterResponse;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.page.CacheQuota;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.persist.PersistedVersions;
import io.tarn.worker.pin.PinReview;
import io.tarn.worker.store.MountedStores;
import io.tarn.worker.write.RoomRequests;
import io.tarn.worker.write.TicketOrders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the worker registered: tells the master what the worker holds, takes the mount table, the ticket key, and the versions to seal and to delete. Without a
 * master it tries again for ever, with growing pauses, and the worker goes on serving. Runs on a thread of its own.
 */
public final class MasterLink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MasterLink.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final long SHORTEST_HEARTBEAT_MILLIS = 10;

    private final WorkerAddress address;
    private final ClusterView cluster;
    private final MountedStores stores;
    private final PageStore pages;
    private final PinReview pins;
    private final TicketOrders sealing;
    private final TicketOrders copying;
    private final RoomRequests rooms;
    private final WorkerMetrics metrics;
    private final MasterCalls master;
    private final ClusterMark mark;
    private final CountDownLatch registered = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<FileVersionId> deleted = new ArrayList<>();
    private final HeldFiles held;
    private final OwnedVersions owned = new OwnedVersions();
    private final Thread thread;
    private long registration;
    private long mountTableVersion;
    private long membershipVersion;
    private long heartbeatMillis;
    private boolean lost;
    private volatile @Nullable TarnException refusal;

    private MasterLink(
            RegistrationSettings settings,
            WorkerAddress address,
            ClusterView cluster,
            MountedStores stores,
            PageStore pages,
            PersistedVersions persisted,
            PinReview pins,
            TicketOrders sealing,
            TicketOrders copying,
            RoomRequests rooms,
            WorkerMetrics metrics) {
        this.address = address;
        this.cluster = cluster;
        this.stores = stores;
        this.pages = pages;
        this.pins = pins;
        this.sealing = sealing;
        this.copying = copying;
        this.rooms = rooms;
        this.metrics = metrics;
        this.held = new HeldFiles(pages, persisted);
        mark = new ClusterMark(settings.directory());
        master = new MasterCalls(settings.masters(), settings.masterTimeout());
        thread = Thread.ofVirtual().name("tarn-master-link").unstarted(this::run);
    }

    /** Starts to register. */
    public static MasterLink start(
            RegistrationSettings settings,
            WorkerAddress address,
            ClusterView cluster,
            MountedStores stores,
            PageStore pages,
            PersistedVersions persisted,
            PinReview pins,
            TicketOrders sealing,
            TicketOrders copying,
            RoomRequests rooms,
            WorkerMetrics metrics) {
        MasterLink link = new MasterLink(
                settings, address, cluster, stores, pages, persisted, pins, sealing, copying, rooms, metrics);
        link.thread.start();
        return link;
    }

    /**
     * Waits for the first registration; false after the timeout.
     *
     * @throws TarnException why the master refuses this worker, where it does
     */
    public boolean awaitRegistered(Duration timeout) throws InterruptedException, TarnException {
        boolean answered = registered.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        TarnException reason = refusal;
        if (reason != null) {
            throw reason;
        }
        return answered;
    }

    private void run() {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (stopped.getCount() > 0) {
            try {
                register();
                pauseMillis = FIRST_PAUSE_MILLIS;
                rooms.attend(true);
                keepAlive();
            } catch (TarnException e) {
                rooms.attend(false);
                noteLoss(e);
                master.next();
                if (pause(pauseMillis)) {
                    return;
                }
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
            } catch (RuntimeException | Error e) {
                rooms.attend(false);
                log.error("the link to the master failed unexpectedly; trying again", e);
                if (pause(LONGEST_PAUSE_MILLIS)) {
                    return;
                }
            }
        }
    }

    private void noteLoss(TarnException failure) {
        cluster.setHasMaster(false);
        if (!lost) {
            log.warn("not registered with master {} ({}); trying until it is", master.master(), failure.getMessage());
            lost = true;
        }
        if (failure.code().kind() == ErrorCode.Kind.USER) {
            refusal = failure;
            registered.countDown();
        }
    }

    private void register() throws TarnException {
        owned.begin(pages.unpersistedVersions());
        RegisterRequest request = RegisterRequest.newBuilder()
                .setAddress(address)
                .setClusterId(mark.read())
                .addAllTiers(pages.usage())
                .addAllOwnedVersions(owned.part())
                .setOwnedToFollow(owned.moreFollow())
                .build();
        RegisterResponse response = master.register(request);
        owned.told();
        registration = response.getRegistration();
        mark.keep(response.getClusterId());
        cluster.sawEpoch(response.getEpoch());
        cluster.useTicketKey(response.getTicketKey().toByteArray());
        useMounts(response.getMountsList());
        mountTableVersion = response.getMountTableVersion();
        cluster.useMembers(response.getMembersList());
        membershipVersion = response.getMembershipVersion();
        heartbeatMillis = Math.max(SHORTEST_HEARTBEAT_MILLIS, response.getHeartbeatMillis());
        deleted.clear();
        held.told();
        lost = false;
        cluster.setHasMaster(true);
        refusal = null;
        registered.countDown();
        log.info(
                "registered with {} as worker {}: cluster {}, {} mounts",
                master.master(),
                Long.toHexString(address.getWorkerId()),
                response.getClusterId(),
                response.getMountsCount());
    }

    private void keepAlive() throws TarnException {
        while (!pauseUntilHeartbeat()) {
            long asked = rooms.asked();
            HeartbeatRequest request = heartbeat();
            HeartbeatResponse response = master.heartbeat(request);
            deleted.clear();
            held.told();
            sealing.told(request.getSealedList());
            copying.told(request.getCopiedList());
            cluster.sawEpoch(response.getEpoch());
            if (response.getRegisterAgain()) {
                return;
            }
            if (response.getOwnedTaken()) {
                owned.told();
            }
            if (response.getMountTableVersion() != mountTableVersion) {
                useMounts(response.getMountsList());
                mountTableVersion = response.getMountTableVersion();
            }
            if (response.getMembershipVersion() != membershipVersion) {
                cluster.useMembers(response.getMembersList());
                membershipVersion = response.getMembershipVersion();
            }
            response.getDeleteVersionsList().forEach(this::delete);
            response.getFreeVersionsList().forEach(this::free);
            rooms.answered(asked, deleted.size());
            response.getSealList().forEach(sealing::order);
            response.getCopyList().forEach(copying::order);
            response.getLookForList().forEach(held::lookFor);
            pins.unpinned(response.getUnpinnedList());
        }
    }

    private void useMounts(List<Mount> mounts) {
        stores.replace(mounts);
        pages.useQuotas(mounts.stream().collect(Collectors.toMap(Mount::getId, MasterLink::quotaOf)));
    }

    private static CacheQuota quotaOf(Mount mount) {
        MountOptions options = mount.getOptions();
        int priority = options.getCachePriority();
        return new CacheQuota(
                mount.getPath(),
                options.getCacheGuaranteeBytes(),
                options.getCacheLimitBytes(),
                priority == 0 ? CacheQuota.DEFAULT_PRIORITY : priority);
    }

    private HeartbeatRequest heartbeat() {
        HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder()
                .setWorkerId(address.getWorkerId())
                .setRegistration(registration)
                .addAllOwnedVersions(owned.part())
                .setOwnedToFollow(owned.moreFollow())
                .setEpoch(cluster.epoch())
                .setMountTableVersion(mountTableVersion)
                .setMembershipVersion(membershipVersion)
                .addAllTiers(pages.usage())
                .setFigures(metrics.figures())
                .addAllMounts(metrics.mountFigures())
                .setCachedFiles(pages.files())
                .addAllDeletedVersions(deleted)
                .addAllSealed(sealing.receipts())
                .addAllCopied(copying.receipts())
                .addAllPinned(pins.next())
                .setWantsRoom(rooms.isWaiting());
        held.report(request);
        return request.build();
    }

    private void delete(FileVersionId version) {
        try {
            pages.delete(FileVersion.of(version));
            deleted.add(version);
        } catch (TarnException e) {
            log.warn("version {} is not deleted yet: {}", FileVersion.of(version), e.getMessage());
        }
    }

    private void free(FileVersionId message) {
        FileVersion version = FileVersion.of(message);
        try {
            if (version.isMirrored() && !pins.isPinned(version)) {
                pages.delete(version);
            }
        } catch (TarnException e) {
            log.warn("the pages of version {} stay: {}", version, e.getMessage());
        }
    }

    /** What was deleted is confirmed soon, since the master may have more, and all is named soon. True where the link was stopped meanwhile. */
    private boolean pauseUntilHeartbeat() {
        boolean soon = !deleted.isEmpty() || !owned.allTold();
        try {
            rooms.awaitRequest(soon ? SHORTEST_HEARTBEAT_MILLIS : heartbeatMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        return stopped.getCount() == 0;
    }

    /** True where the link was stopped meanwhile. */
    private boolean pause(long millis) {
        try {
            return stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        rooms.attend(false);
        master.close();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        master.close();
    }
}
