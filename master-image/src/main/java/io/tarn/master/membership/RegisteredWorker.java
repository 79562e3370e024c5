package io.tarn.master.membership;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.CacheFigures;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.HeldFile;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.MountFigures;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.protocol.v1.WorkerInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One worker: its last report, and what it is to delete. Deletions are told again until they are confirmed. Safe for many threads. */
final class RegisteredWorker {
    private static final int MAX_QUEUED = 10_000;
    private static final int MAX_TOLD = 1_000;

    private final WorkerAddress address;
    /** Answers to creates are journaled, so they hold no more than clients need. */
    private final WorkerAddress addressForClients;

    private final Set<FileVersion> queued = new LinkedHashSet<>();
    private final Set<FileVersion> confirmed = new LinkedHashSet<>();
    private final Set<FileVersion> frees = new LinkedHashSet<>();
    private final ToldOnce<Long, SignedTicket> seals = new ToldOnce<>(MAX_TOLD);
    private final ToldOnce<Long, SignedTicket> copies = new ToldOnce<>(MAX_TOLD);
    private final ToldOnce<FileVersion, HeldFile> toLookFor = new ToldOnce<>(MAX_TOLD);
    private final long registration;
    /** Versions that it has spoken of: those that it named when it registered, and those that it was asked for. */
    private final Set<FileVersion> answered;

    private final long firstLaterId;
    /** Further versions are to be named. */
    private boolean naming;

    private List<TierUsage> tiers;
    private CacheFigures figures = CacheFigures.getDefaultInstance();
    private List<MountFigures> mounts = List.of();
    private long cachedFiles;
    private volatile long lastHeartbeatMillis;

    /**
     * @param registration no other has this number
     * @param firstLaterId ids of files from here on were not given yet when it registered
     */
    RegisteredWorker(RegisterRequest request, long registration, long firstLaterId, long nowMillis) {
        this.address = request.getAddress();
        this.addressForClients = address.toBuilder().clearLabels().build();
        this.registration = registration;
        this.answered = request.getOwnedVersionsList().stream()
                .map(FileVersion::of)
                .collect(Collectors.toCollection(HashSet::new));
        this.firstLaterId = firstLaterId;
        this.naming = request.getOwnedToFollow();
        this.tiers = request.getTiersList();
        this.lastHeartbeatMillis = nowMillis;
    }

    WorkerAddress address() {
        return address;
    }

    /** Without labels. */
    WorkerAddress addressForClients() {
        return addressForClients;
    }

    /** Of all its tiers, as it last said. */
    synchronized long freeBytes() {
        return tiers.stream()
                .mapToLong(tier -> Math.max(0, tier.getCapacityBytes() - tier.getUsedBytes()))
                .sum();
    }

    long registration() {
        return registration;
    }

    /** Whether it has not named yet all that only it may hold: what it will name may have to be deleted. */
    synchronized boolean isNaming() {
        return naming;
    }

    /** Whether so many versions can be named now: all may have to be deleted. */
    synchronized boolean takesNamed(int versions) {
        return naming && queued.size() + versions <= MAX_QUEUED;
    }

    /** @param last it has named all now */
    synchronized void named(List<FileVersion> versions, boolean last) {
        answered.addAll(versions);
        naming &= !last;
    }

    long lastHeartbeatMillis() {
        return lastHeartbeatMillis;
    }

    synchronized void report(HeartbeatRequest request, long nowMillis) {
        lastHeartbeatMillis = nowMillis;
        tiers = request.getTiersList();
        figures = request.getFigures();
        mounts = request.getMountsList();
        cachedFiles = request.getCachedFiles();
        request.getWholeList().forEach(version -> answered.add(FileVersion.of(version)));
        request.getMissingList().forEach(version -> answered.add(FileVersion.of(version)));
        for (FileVersionId deleted : request.getDeletedVersionsList()) {
            FileVersion version = FileVersion.of(deleted);
            if (queued.remove(version)) {
                if (confirmed.size() >= MAX_QUEUED) {
                    confirmed.remove(confirmed.iterator().next());
                }
                confirmed.add(version);
            }
        }
    }

    /** Whether it did not name a file that was there when it registered, and has not been asked for it since. */
    synchronized boolean mayLack(FileVersion version) {
        return !naming && version.high() < firstLaterId && !answered.contains(version);
    }

    /** Its answer could not be made use of: it is asked again. */
    synchronized void askAgain(FileVersion version) {
        answered.remove(version);
    }

    /** False where the queue is full. */
    synchronized boolean delete(FileVersion version) {
        return queued.contains(version) || (queued.size() < MAX_QUEUED && queued.add(version));
    }

    synchronized boolean isToDelete(FileVersion version) {
        return queued.contains(version);
    }

    /** Whether the worker has confirmed a deletion; asked until it is true, once. */
    synchronized boolean hasDeleted(FileVersion version) {
        return confirmed.remove(version);
    }

    synchronized List<FileVersion> toDelete() {
        List<FileVersion> told = new ArrayList<>();
        for (FileVersion version : queued) {
            if (told.size() == MAX_TOLD) {
                break;
            }
            told.add(version);
        }
        return told;
    }

    /** False where the queue is full. */
    synchronized boolean free(FileVersion version) {
        return frees.contains(version) || (frees.size() < MAX_QUEUED && frees.add(version));
    }

    synchronized List<FileVersion> takeFrees() {
        List<FileVersion> taken = frees.stream().limit(MAX_TOLD).toList();
        taken.forEach(frees::remove);
        return taken;
    }

    /** What it is to end at the last flushed byte, by file. */
    ToldOnce<Long, SignedTicket> seals() {
        return seals;
    }

    /** What it is to copy to another, by file. */
    ToldOnce<Long, SignedTicket> copies() {
        return copies;
    }

    /** What it is to say whether it holds. */
    ToldOnce<FileVersion, HeldFile> toLookFor() {
        return toLookFor;
    }

    synchronized Member member(boolean leaving) {
        return Member.newBuilder()
                .setLeaving(leaving)
                .setAddress(address)
                .setCapacityBytes(
                        tiers.stream().mapToLong(TierUsage::getCapacityBytes).sum())
                .build();
    }

    synchronized WorkerInfo info(boolean alive) {
        return WorkerInfo.newBuilder()
                .setAddress(address)
                .setAlive(alive)
                .setLastHeartbeatMillis(lastHeartbeatMillis)
                .addAllTiers(tiers)
                .setFigures(figures)
                .addAllMounts(mounts)
                .setCachedFiles(cachedFiles)
                .build();
    }
}
