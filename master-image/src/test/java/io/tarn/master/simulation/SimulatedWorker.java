package io.tarn.master.simulation;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeartbeatResponse;
import io.tarn.protocol.v1.HeldFile;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.RegisterResponse;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.protocol.v1.WorkerServiceGrpc;
import io.tarn.testing.simulation.SimulatedProcess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One worker as the masters see it: it registers, sends heartbeats, holds versions of files on a disk that outlives its process, copies, seals, deletes and persists as it is told. Its
 * pages are a number each: how many bytes of a version it has.
 */
final class SimulatedWorker {
    /** Few, so that the rest comes with heartbeats. */
    private static final int NAMED_AT_ONCE = 2;

    private static final TierUsage TIER =
            TierUsage.newBuilder().setCapacityBytes(1 << 30).build();
    private static final long HEARTBEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SimulatedCluster cluster;
    private final long id;
    private final String name;
    private SimulatedProcess process;

    /** Disk. */
    private Map<FileVersion, Long> pages = new TreeMap<>(SimulatedWorker::compare);

    private Set<FileVersion> sealed = new HashSet<>();
    private final WorkerPersists persists;
    private String clusterId = "";

    /** Memory. */
    private @Nullable TicketSigner signer;

    private long epoch;
    private List<Mount> mounts = List.of();
    private final Set<SignedReceipt> sealings = new LinkedHashSet<>();
    private final Set<SignedReceipt> copied = new LinkedHashSet<>();
    private final Set<FileVersion> deleted = new LinkedHashSet<>();
    private final Set<FileVersionId> whole = new LinkedHashSet<>();
    private final Set<FileVersionId> missing = new LinkedHashSet<>();
    private List<FileVersionId> toName = List.of();
    private long registration;

    SimulatedWorker(SimulatedCluster cluster, long id) {
        this.cluster = cluster;
        this.id = id;
        this.name = "worker-" + id;
        this.process = new SimulatedProcess(cluster.simulation(), name);
        this.persists = new WorkerPersists(cluster, this);
        process.kill();
    }

    private static int compare(FileVersion one, FileVersion other) {
        int byHigh = Long.compareUnsigned(one.high(), other.high());
        return byHigh != 0 ? byHigh : Long.compareUnsigned(one.low(), other.low());
    }

    long id() {
        return id;
    }

    String name() {
        return name;
    }

    SimulatedProcess process() {
        return process;
    }

    /** What is on its disk, be it up or down. */
    long bytesOf(FileVersion version) {
        return pages.getOrDefault(version, -1L);
    }

    /** @throws TarnException UNAVAILABLE where it has not heard of it yet */
    Mount mount(long mountId) throws TarnException {
        for (Mount mount : mounts) {
            if (mount.getId() == mountId) {
                return mount;
            }
        }
        throw new TarnException(ErrorCode.UNAVAILABLE, "this worker does not know mount " + mountId);
    }

    Ticket check(SignedTicket ticket) throws TarnException {
        TicketSigner known = signer;
        if (known == null) {
            throw new TarnException(ErrorCode.UNAVAILABLE, name + " has not registered yet");
        }
        return known.check(ticket);
    }

    void persisted(FileVersion version) {
        pages.remove(version);
    }

    void start() {
        process = new SimulatedProcess(cluster.simulation(), name);
        signer = null;
        epoch = 0;
        sealings.clear();
        copied.clear();
        deleted.clear();
        whole.clear();
        missing.clear();
        process.start("heartbeats", this::beat);
        persists.start();
    }

    void kill() {
        process.kill();
    }

    /** It comes back with an empty disk, as another machine would; what it had is gone. */
    void wipe() {
        kill();
        pages = new TreeMap<>(SimulatedWorker::compare);
        sealed = new HashSet<>();
        persists.wipe();
        clusterId = "";
    }

    private void beat() {
        MasterCaller masters = new MasterCaller(cluster, process);
        boolean registered = false;
        while (true) {
            try {
                if (!registered) {
                    register(masters);
                    registered = true;
                }
                registered = heartbeat(masters);
            } catch (TarnException e) {
                // another master, or the same one later
            }
            LockSupport.parkNanos(HEARTBEAT_NANOS);
        }
    }

    private void register(MasterCaller masters) throws TarnException {
        RegisterRequest.Builder request = RegisterRequest.newBuilder()
                .setAddress(WorkerAddress.newBuilder()
                        .setWorkerId(id)
                        .setHost(name)
                        .setDataPort(1)
                        .putLabels("number", Long.toString(id)))
                .addTiers(TIER)
                .setClusterId(clusterId);
        toName = pages.keySet().stream().map(FileVersion::toMessage).toList();
        request.addAllOwnedVersions(part()).setOwnedToFollow(toName.size() > NAMED_AT_ONCE);
        RegisterRequest asked = request.build();
        RegisterResponse response = masters.once(
                channel -> WorkerServiceGrpc.newBlockingStub(channel).register(asked));
        requireNotOlder(response.getEpoch());
        named();
        registration = response.getRegistration();
        clusterId = response.getClusterId();
        mounts = response.getMountsList();
        signer = new TicketSigner(response.getTicketKey().toByteArray(), new ProcessClock(process));
    }

    private List<FileVersionId> part() {
        return toName.stream().limit(NAMED_AT_ONCE).toList();
    }

    private void named() {
        toName = toName.stream().skip(NAMED_AT_ONCE).toList();
    }

    /** Whoever led before has nothing to say any more. */
    void requireNotOlder(long answeredEpoch) throws TarnException {
        if (answeredEpoch < epoch) {
            throw new TarnException(ErrorCode.STALE_EPOCH, "an answer of epoch " + answeredEpoch);
        }
        epoch = answeredEpoch;
    }

    long epoch() {
        return epoch;
    }

    /** @return false where it has to register again */
    private boolean heartbeat(MasterCaller masters) throws TarnException {
        HeartbeatRequest request = HeartbeatRequest.newBuilder()
                .setWorkerId(id)
                .setRegistration(registration)
                .addAllOwnedVersions(part())
                .setOwnedToFollow(toName.size() > NAMED_AT_ONCE)
                .setEpoch(epoch)
                .addTiers(TIER)
                .addAllSealed(sealings)
                .addAllCopied(copied)
                .addAllWhole(whole)
                .addAllMissing(missing)
                .addAllDeletedVersions(
                        deleted.stream().map(FileVersion::toMessage).toList())
                .build();
        HeartbeatResponse response = masters.once(
                channel -> WorkerServiceGrpc.newBlockingStub(channel).heartbeat(request));
        requireNotOlder(response.getEpoch());
        if (response.getRegisterAgain()) {
            return false;
        }
        if (response.getOwnedTaken()) {
            named();
        }
        sealings.removeAll(request.getSealedList());
        copied.removeAll(request.getCopiedList());
        whole.clear();
        missing.clear();
        request.getDeletedVersionsList().forEach(version -> deleted.remove(FileVersion.of(version)));
        if (response.getMountsCount() > 0) {
            mounts = response.getMountsList();
        }
        for (var version : response.getDeleteVersionsList()) {
            FileVersion gone = FileVersion.of(version);
            pages.remove(gone);
            sealed.remove(gone);
            deleted.add(gone);
        }
        for (HeldFile file : response.getLookForList()) {
            FileVersion version = FileVersion.of(file.getVersion());
            boolean here = bytesOf(version) == file.getLengthBytes() || persists.hasCommitted(version);
            (here ? whole : missing).add(file.getVersion());
        }
        for (SignedTicket ticket : response.getSealList()) {
            seal(ticket);
        }
        for (SignedTicket ticket : response.getCopyList()) {
            process.start("copy", () -> copy(ticket));
        }
        return true;
    }

    private void seal(SignedTicket signed) {
        try {
            Ticket ticket = check(signed);
            FileVersion version = FileVersion.of(ticket.getVersion());
            long bytes = Math.max(0, bytesOf(version));
            if (bytes > 0) {
                sealed.add(version);
            }
            sealings.add(receipt(ticket, bytes, List.of(id), List.of()));
        } catch (TarnException e) {
            // it is asked for again
        }
    }

    private SignedReceipt receipt(Ticket ticket, long lengthBytes, List<Long> holders, List<Long> givenUp) {
        TicketSigner known = Objects.requireNonNull(signer);
        return known.sign(Receipt.newBuilder()
                .setFileId(ticket.getFileId())
                .setVersion(ticket.getVersion())
                .setLengthBytes(lengthBytes)
                .addAllWorkerIds(holders)
                .addAllGivenUpWorkerIds(givenUp)
                .setExpiresMillis(Long.MAX_VALUE)
                .build());
    }

    private void copy(SignedTicket signed) {
        try {
            Ticket ticket = check(signed);
            long bytes = bytesOf(FileVersion.of(ticket.getVersion()));
            if (bytes < ticket.getLengthBytes()) {
                return;
            }
            for (long target : ticket.getHoldersList()) {
                if (target != id && give(target, ticket, bytes)) {
                    copied.add(receipt(ticket, bytes, List.of(target), List.of()));
                    return;
                }
            }
        } catch (TarnException e) {
            // it is asked for again
        }
    }

    private boolean give(long target, Ticket ticket, long bytes) {
        SimulatedWorker peer = cluster.worker(target);
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        cluster.network()
                .send(
                        process,
                        peer.process,
                        () -> {
                            boolean took = peer.take(ticket, bytes);
                            cluster.network().send(peer.process, process, () -> taken.complete(took), () -> {});
                        },
                        () -> taken.complete(false));
        return taken.completeOnTimeout(false, PATIENCE_NANOS, TimeUnit.NANOSECONDS)
                .join();
    }

    /** Bytes from a client or another worker. @return false where the file has been sealed */
    private boolean take(Ticket ticket, long bytes) {
        FileVersion version = FileVersion.of(ticket.getVersion());
        if (signer == null || (ticket.getMayWrite() && sealed.contains(version))) {
            return false;
        }
        pages.put(version, bytes);
        return true;
    }

    /**
     * A client writes a whole file, which is acknowledged when it is on as many workers as it has copies.
     *
     * @param answer given a receipt, or a failure
     */
    void write(SignedTicket signed, long bytes, CompletableFuture<SignedReceipt> answer) {
        try {
            Ticket ticket = check(signed);
            if (ticket.hasBacking()) {
                answer.complete(persists.writeThrough(ticket, bytes));
                return;
            }
            if (!take(ticket, bytes)) {
                throw new TarnException(ErrorCode.LEASE_EXPIRED, "the file has been sealed");
            }
            List<Long> holders = new ArrayList<>(List.of(id));
            List<Long> givenUp = new ArrayList<>();
            for (long other : ticket.getHoldersList()) {
                if (holders.size() < ticket.getCopies() && other != id) {
                    (give(other, ticket, bytes) ? holders : givenUp).add(other);
                }
            }
            if (holders.size() < ticket.getCopies()) {
                throw new TarnException(ErrorCode.UNAVAILABLE, "too few workers");
            }
            answer.complete(receipt(ticket, bytes, holders, givenUp));
        } catch (TarnException e) {
            answer.completeExceptionally(e);
        }
    }

    SignedReceipt throughReceipt(Receipt receipt) {
        return Objects.requireNonNull(signer).sign(receipt);
    }
}
