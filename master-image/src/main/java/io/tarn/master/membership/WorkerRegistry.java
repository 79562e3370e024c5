package io.tarn.master.membership;

import io.tarn.master.namespace.Taker;
import io.tarn.master.namespace.Workers;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeldFile;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.protocol.v1.WorkerInfo;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that have registered since the master started. Safe for many threads. */
public final class WorkerRegistry implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerRegistry.class);
    private static final int MAX_WORKERS = 10_000;

    private final Map<Long, RegisteredWorker> workers = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final MembershipConfig config;
    private final Set<Long> remembered;
    private final AtomicLong registrations = new AtomicLong();
    private final long startMillis;
    private volatile Set<Long> leaving = Set.of();
    private volatile Seen seen = new Seen(MembershipView.EMPTY, Long.MIN_VALUE);

    /** @param remembered that belonged to the cluster before this master began: they count as up until they had the time to say so */
    public WorkerRegistry(InstantSource clock, MembershipConfig config, Set<Long> remembered) {
        this.clock = clock;
        this.config = config;
        this.remembered = Set.copyOf(remembered);
        this.startMillis = clock.millis();
    }

    public MembershipConfig config() {
        return config;
    }

    /**
     * A worker has come, or come back.
     *
     * @param firstLaterId the first id that no file has had yet
     * @return the number of this registration
     * @throws TarnException TOO_LARGE where there are too many workers
     */
    public long register(RegisterRequest request, long firstLaterId) throws TarnException {
        WorkerAddress address = request.getAddress();
        if (workers.size() >= MAX_WORKERS && !workers.containsKey(address.getWorkerId())) {
            throw new TarnException(ErrorCode.TOO_LARGE, "this cluster has as many workers as a master can keep");
        }
        long registration = registrations.incrementAndGet();
        workers.put(address.getWorkerId(), new RegisteredWorker(request, registration, firstLaterId, clock.millis()));
        lookAgain();
        LOG.info(
                "Worker {} has registered at {}:{}",
                Long.toUnsignedString(address.getWorkerId(), 16),
                address.getHost(),
                address.getDataPort());
        return registration;
    }

    private @Nullable RegisteredWorker sender(HeartbeatRequest request) {
        RegisteredWorker worker = workers.get(request.getWorkerId());
        long said = request.getRegistration();
        return worker == null || said == 0 || said == worker.registration() ? worker : null;
    }

    /** Whether the versions that the worker names with this sign of life can be looked at. */
    public boolean takesNamed(HeartbeatRequest request) {
        RegisteredWorker worker = sender(request);
        return worker != null && worker.takesNamed(request.getOwnedVersionsCount());
    }

    /** They were looked at, and what nobody needs of them is to be deleted. */
    public void named(HeartbeatRequest request) {
        RegisteredWorker worker = sender(request);
        if (worker != null) {
            worker.named(
                    request.getOwnedVersionsList().stream().map(FileVersion::of).toList(), !request.getOwnedToFollow());
        }
    }

    /**
     * A sign of life.
     *
     * @return versions to delete; null where the worker is not known, or has registered again since it sent this
     */
    public @Nullable List<FileVersion> heartbeat(HeartbeatRequest request) {
        RegisteredWorker worker = sender(request);
        if (worker == null) {
            return null;
        }
        worker.report(request, clock.millis());
        return worker.toDelete();
    }

    /** Who was up at a time. */
    private record Seen(MembershipView view, long millis) {}

    @Override
    public List<WorkerAddress> ranked(PlacementKey key, WorkerSelector preferred) {
        List<WorkerAddress> ranked = new ArrayList<>();
        List<WorkerAddress> others = new ArrayList<>();
        for (Member member : view().ranked(key)) {
            RegisteredWorker worker = workers.get(member.getAddress().getWorkerId());
            if (worker != null) {
                boolean matches = preferred.matches(member.getAddress().getLabelsMap());
                (matches ? ranked : others).add(worker.addressForClients());
            }
        }
        ranked.addAll(others);
        return ranked;
    }

    @Override
    public List<Taker> takers(PlacementKey key) {
        List<Taker> all = new ArrayList<>();
        List<Taker> able = new ArrayList<>();
        for (Member member : view().ranked(key)) {
            RegisteredWorker worker = workers.get(member.getAddress().getWorkerId());
            if (worker != null) {
                Taker taker =
                        new Taker(worker.addressForClients(), worker.address().getLabelsMap(), worker.freeBytes());
                all.add(taker);
                if (member.getCapacityBytes() > 0
                        && !leaving.contains(member.getAddress().getWorkerId())) {
                    able.add(taker);
                }
            }
        }
        return able.isEmpty() ? all : able;
    }

    @Override
    public boolean matches(long workerId, WorkerSelector selector) {
        RegisteredWorker worker = workers.get(workerId);
        return worker == null || selector.matches(worker.address().getLabelsMap());
    }

    @Override
    public void useLeaving(Set<Long> workerIds) {
        leaving = Set.copyOf(workerIds);
        lookAgain();
    }

    @Override
    public boolean isLeaving(long workerId) {
        return leaving.contains(workerId);
    }

    /**
     * The worker that somebody names.
     *
     * @param name its id in hexadecimal, or host:port
     * @throws TarnException NOT_FOUND
     */
    public WorkerAddress named(String name) throws TarnException {
        return workers.values().stream()
                .map(RegisteredWorker::address)
                .filter(address -> name.equals(Long.toHexString(address.getWorkerId()))
                        || name.equals(address.getHost() + ":" + address.getDataPort()))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.NOT_FOUND,
                        "no worker " + name + " has registered; \"tarn cluster status\" shows those that have"));
    }

    private Stream<RegisteredWorker> alive(long now) {
        return workers.values().stream()
                .filter(worker -> isAlive(worker, now))
                .sorted(Comparator.comparingLong(worker -> worker.address().getWorkerId()));
    }

    /** The workers that are up. Who has gone down is seen at most one heartbeat late, so that the workers' calls do not each go over all workers. */
    public MembershipView view() {
        long now = clock.millis();
        Seen last = seen;
        return isNew(last, now) ? last.view() : look(now);
    }

    private boolean isNew(Seen last, long now) {
        return now >= last.millis() && now < last.millis() + config.heartbeat().toMillis();
    }

    private synchronized MembershipView look(long now) {
        Seen last = seen;
        if (!isNew(last, now)) {
            last = new Seen(
                    last.view()
                            .with(alive(now)
                                    .map(worker -> worker.member(
                                            leaving.contains(worker.address().getWorkerId())))
                                    .toList()),
                    now);
            seen = last;
        }
        return last.view();
    }

    private synchronized void lookAgain() {
        seen = new Seen(seen.view(), Long.MIN_VALUE);
    }

    @Override
    public boolean isAlive(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker != null && isAlive(worker, clock.millis());
    }

    @Override
    public int expected(WorkerSelector selector) {
        long now = clock.millis();
        int up = (int) view().members().stream()
                .filter(member -> mayKeep(member, selector))
                .count();
        return up + unheard(now);
    }

    private static boolean mayKeep(Member member, WorkerSelector selector) {
        return member.getCapacityBytes() > 0
                && !member.getLeaving()
                && selector.matches(member.getAddress().getLabelsMap());
    }

    /** Workers that a new leader has yet to hear of. */
    private int unheard(long now) {
        boolean fresh =
                now >= startMillis && now - startMillis <= config.timeout().toMillis();
        return fresh
                ? (int) remembered.stream()
                        .filter(id -> !workers.containsKey(id))
                        .count()
                : 0;
    }

    @Override
    public long silentMillis(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return clock.millis() - (worker == null ? startMillis : worker.lastHeartbeatMillis());
    }

    @Override
    public long registration(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker == null || worker.isNaming() || !isAlive(worker, clock.millis()) ? 0 : worker.registration();
    }

    @Override
    public boolean isToDelete(FileVersion version, long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker != null && worker.isToDelete(version);
    }

    @Override
    public boolean mayLack(long workerId, FileVersion version) {
        RegisteredWorker worker = workers.get(workerId);
        return worker != null && isAlive(worker, clock.millis()) && worker.mayLack(version);
    }

    @Override
    public void lookFor(long workerId, FileVersion version, long lengthBytes) {
        RegisteredWorker worker = workers.get(workerId);
        if (worker != null) {
            HeldFile file = HeldFile.newBuilder()
                    .setVersion(version.toMessage())
                    .setLengthBytes(lengthBytes)
                    .build();
            worker.toLookFor().add(version, file);
        }
    }

    @Override
    public void lookAgainFor(long workerId, FileVersion version) {
        RegisteredWorker worker = workers.get(workerId);
        if (worker != null) {
            worker.askAgain(version);
        }
    }

    /** Files that a worker is to look for; told once, since who wants it asks again. */
    public List<HeldFile> takeToLookFor(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker == null ? List.of() : worker.toLookFor().take();
    }

    @Override
    public void copy(long workerId, long fileId, SignedTicket ticket) {
        RegisteredWorker worker = workers.get(workerId);
        if (worker != null) {
            worker.copies().add(fileId, ticket);
        }
    }

    /** Files that a worker is to copy to another; told once, since who wants it asks again. */
    public List<SignedTicket> takeCopies(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker == null ? List.of() : worker.copies().take();
    }

    @Override
    public String describe(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        String id = "worker " + Long.toUnsignedString(workerId, 16);
        return worker == null
                ? id + " (not seen since the master started)"
                : id + " at " + worker.address().getHost() + ":"
                        + worker.address().getDataPort();
    }

    @Override
    public boolean delete(FileVersion version, List<Long> workerIds) {
        boolean all = true;
        for (long workerId : workerIds) {
            RegisteredWorker worker = workers.get(workerId);
            all &= worker == null || worker.delete(version);
        }
        return all;
    }

    @Override
    public boolean free(FileVersion version) {
        long now = clock.millis();
        boolean all = true;
        for (RegisteredWorker worker : workers.values()) {
            all &= !isAlive(worker, now) || worker.free(version);
        }
        return all;
    }

    /** Versions of which a worker is to drop the pages; told once. */
    public List<FileVersion> takeFrees(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker == null ? List.of() : worker.takeFrees();
    }

    @Override
    public boolean isDeleted(FileVersion version, List<Long> workerIds) {
        return workerIds.stream().map(workers::get).allMatch(worker -> worker == null || worker.hasDeleted(version));
    }

    @Override
    public void seal(long workerId, long fileId, SignedTicket ticket) {
        RegisteredWorker worker = workers.get(workerId);
        if (worker != null) {
            worker.seals().add(fileId, ticket);
        }
    }

    /** Files that a worker is to seal; told once, since who wants it asks again. */
    public List<SignedTicket> takeSeals(long workerId) {
        RegisteredWorker worker = workers.get(workerId);
        return worker == null ? List.of() : worker.seals().take();
    }

    /**
     * What an operator sees.
     *
     * @param drained with which nothing is lost any more
     */
    public List<WorkerInfo> infos(Set<Long> drained) {
        long now = clock.millis();
        return workers.values().stream()
                .sorted(Comparator.comparingLong(worker -> worker.address().getWorkerId()))
                .map(worker -> worker.info(isAlive(worker, now)).toBuilder()
                        .setLeaving(leaving.contains(worker.address().getWorkerId()))
                        .setDrained(drained.contains(worker.address().getWorkerId()))
                        .build())
                .toList();
    }

    /** How many workers are up. */
    public int aliveCount() {
        return (int) alive(clock.millis()).count();
    }

    private boolean isAlive(RegisteredWorker worker, long now) {
        return now - worker.lastHeartbeatMillis() <= config.timeout().toMillis();
    }
}
