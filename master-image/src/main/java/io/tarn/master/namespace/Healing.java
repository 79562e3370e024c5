package io.tarn.master.namespace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.placement.ZoneSpread;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds files that are on fewer workers than they should be, or on others, by a look at all of them after workers have come or gone or directories say otherwise, and has them
 * copied, so many at a time. Soft state: a new leader looks again. See docs/design/placement.md. Safe for many threads.
 */
final class Healing {
    private static final Logger LOG = LoggerFactory.getLogger(Healing.class);
    private static final int ROWS_PER_ROUND = 50_000;
    private static final int MAX_FILES = 1_000;
    private static final long MAX_BYTES = 1L << 30;
    private static final long PATIENCE_MILLIS = 60_000;
    private static final long LOOK_AGAIN_MILLIS = 2_000;
    private static final long LEAVING_PAUSE_MILLIS = 2_000;

    private final NamespaceParts parts;
    private final CopyNeeds needs;
    private final Counter healed;
    private final Map<Long, Order> underWay = new LinkedHashMap<>();
    private long bytesUnderWay;
    /** By worker, its registration. */
    private Map<Long, Long> up = Map.of();

    /** When to look at all files, by the leader's clock: workers have come by then, or been away for long enough. */
    private final Set<Long> looks = new HashSet<>();

    /** Files to look at by themselves. */
    private final Set<Long> single = new LinkedHashSet<>();

    private boolean looking;
    private byte @Nullable [] after;
    private long wanting;
    private volatile long lacking;
    private Set<Long> leavingAtLook = Set.of();
    private volatile Set<Long> drained = Set.of();

    /** A copy that was asked for. */
    private record Order(FileVersion version, long lengthBytes, Map<Long, Long> registrations, long sinceMillis) {}

    Healing(NamespaceParts parts, MeterRegistry meters) {
        this.parts = parts;
        this.needs = new CopyNeeds(parts);
        this.healed = meters.counter("tarn.master.healing.done");
        meters.gauge("tarn.master.healing.under.way", this, Healing::ordered);
        meters.gauge("tarn.master.healing.lacking", this, healing -> healing.lacking);
    }

    private synchronized double ordered() {
        return underWay.size();
    }

    /** A bounded stretch of the way. */
    synchronized void round() {
        long now = parts.steadyClock().millis();
        needs.lookAnew();
        noteChanges(now);
        giveUpLate(now);
        lookAtSingle(now);
        if (!looking && looks.removeIf(millis -> millis <= now)) {
            leavingAtLook = leaving();
            looking = parts.workers().expected(WorkerSelector.ANY) > 1 || !leavingAtLook.isEmpty();
            after = null;
            wanting = 0;
        }
        if (looking) {
            look(now);
        }
    }

    /** A file was completed on what workers happen to have of it, which may be one of them only. */
    synchronized void sealed(long inodeId) {
        single.add(inodeId);
    }

    private void lookAtSingle(long now) {
        for (Long inodeId : List.copyOf(single)) {
            NamespaceView view = new NamespaceView(parts.store());
            Inode inode = view.inode(inodeId);
            if (!hasRoom()) {
                return;
            }
            CopyNeeds.Need need = inode == null ? null : unmet(inode, view);
            if (inode == null || need == null || meet(inode, need, now)) {
                single.remove(inodeId);
            }
        }
    }

    /** Null where nothing is to be done about a file now. */
    private CopyNeeds.@Nullable Need unmet(Inode inode, NamespaceView view) {
        if (inode.directory() || !inode.complete() || inode.holders().isEmpty() || underWay.containsKey(inode.id())) {
            return null;
        }
        CopyNeeds.Need need = needs.of(inode, view);
        return need.isMet() || view.isDetached(inode.id()) ? null : need;
    }

    /** @return whether it is on its way */
    private boolean meet(Inode inode, CopyNeeds.Need need, long now) {
        return need.lacksCopies() ? heal(inode, need, now) : letGo(inode, need, now);
    }

    private void noteChanges(long now) {
        Map<Long, Long> nowUp = new HashMap<>();
        parts.workers()
                .takers(new PlacementKey(0))
                .forEach(worker -> nowUp.put(worker.id(), parts.workers().registration(worker.id())));
        if (!nowUp.equals(up)) {
            up = nowUp;
            looks.clear();
            looks.add(now);
            looks.add(now + parts.config().healingDelay().toMillis() + 1);
        }
    }

    private void giveUpLate(long now) {
        boolean any = underWay.values().removeIf(order -> {
            boolean late = now - order.sinceMillis > PATIENCE_MILLIS;
            bytesUnderWay -= late ? order.lengthBytes : 0;
            return late;
        });
        if (any) {
            looks.add(now);
        }
    }

    private void look(long now) {
        NamespaceView view = new NamespaceView(parts.store());
        int rows = 0;
        try (StateReader.Cursor cursor = parts.store().scan(Table.INODE, Keys.ALL, after)) {
            while (rows < ROWS_PER_ROUND && hasRoom() && cursor.next()) {
                rows++;
                after = cursor.key();
                Inode inode = NamespaceView.inodeOf(cursor.value());
                if (isBegunOnLeaving(inode)) {
                    wanting++;
                }
                if (lookForAt(inode, view)) {
                    looks.add(now + LOOK_AGAIN_MILLIS);
                    continue;
                }
                CopyNeeds.Need need = unmet(inode, view);
                if (need != null) {
                    wanting += need.lacksCopies() ? 1 : 0;
                    if (!meet(inode, need, now) && !need.lacksCopies()) {
                        lookAgainAt(inode.id());
                    }
                }
            }
        }
        if (rows < ROWS_PER_ROUND && hasRoom()) {
            looking = false;
            lacking = wanting;
            boolean all = wanting == 0 && underWay.isEmpty();
            drained = all ? leavingAtLook : Set.of();
            if (!all) {
                LOG.info("{} files were on fewer workers than they should be", wanting);
            }
            if (!leavingAtLook.isEmpty() && !all) {
                looks.add(now + LEAVING_PAUSE_MILLIS);
            }
        }
    }

    /** A worker may have come back without its disk, or without what was in its memory. @return whether any has to be asked */
    private boolean lookForAt(Inode inode, NamespaceView view) {
        if (inode.directory() || !inode.complete()) {
            return false;
        }
        List<Long> asked = inode.holders().stream()
                .filter(holder -> parts.workers().mayLack(holder, inode.version()))
                .toList();
        if (asked.isEmpty() || view.isDetached(inode.id())) {
            return false;
        }
        asked.forEach(holder -> parts.workers().lookFor(holder, inode.version(), inode.lengthBytes()));
        return true;
    }

    /** It holds the file no more; others do, or nobody. */
    void missing(long workerId, FileVersion version) {
        parts.leader()
                .submit((state, records) -> {
                    NamespaceView view = new NamespaceView(state);
                    Inode inode = view.inode(version.high());
                    if (inode != null
                            && inode.complete()
                            && inode.version().equals(version)
                            && inode.holders().contains(workerId)
                            && !view.isDetached(inode.id())
                            && !isBeingPersisted(inode, view)) {
                        drop(inode, workerId, records);
                    }
                    return true;
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        parts.workers().lookAgainFor(workerId, version);
                    }
                    lookSoon();
                });
    }

    private void drop(Inode inode, long workerId, Consumer<Record> records) {
        List<Long> others =
                inode.holders().stream().filter(holder -> holder != workerId).toList();
        if (others.isEmpty()) {
            LOG.error(
                    "Data is lost: {}, the only worker that held {} (inode {}), has it no more",
                    parts.workers().describe(workerId),
                    inode.name(),
                    inode.id());
        } else {
            records.accept(new Record.HoldersChanged(inode.id(), others));
        }
    }

    /** Its store may have it already, and the worker dropped it, therefore. */
    private boolean isBeingPersisted(Inode inode, NamespaceView view) throws TarnException {
        Located found =
                view.unpersisted(inode.id()) == null ? null : Located.find(view, parts.mountTables(), inode.id());
        return found != null
                && view.persistIntent(found.place().mount().id(), found.place().path()) != null;
    }

    /** Files may have to be elsewhere now. */
    synchronized void lookSoon() {
        looks.add(parts.steadyClock().millis());
    }

    private Set<Long> leaving() {
        Set<Long> leaving = new HashSet<>();
        new NamespaceView(parts.store())
                .workerIds().stream().filter(parts.workers()::isLeaving).forEach(leaving::add);
        return leaving;
    }

    /** It may yet be completed there. */
    private boolean isBegunOnLeaving(Inode inode) {
        return !leavingAtLook.isEmpty()
                && !inode.directory()
                && !inode.complete()
                && inode.holders().stream().anyMatch(leavingAtLook::contains);
    }

    /** Workers that are leaving and may go: everything is elsewhere often enough. */
    Set<Long> drained() {
        return drained;
    }

    private boolean hasRoom() {
        return underWay.size() < MAX_FILES && bytesUnderWay < MAX_BYTES;
    }

    /** @return false where nobody has it or can take it at the moment: those that had a part of it may still have to delete that */
    private boolean heal(Inode inode, CopyNeeds.Need need, long now) {
        FileVersion version = inode.version();
        Long source = inode.holders().stream()
                .filter(parts.workers()::isAlive)
                .findFirst()
                .orElse(null);
        Map<Long, Long> targets = new LinkedHashMap<>();
        List<Taker> takers = parts.workers().takers(PlacementKey.ofVersion(version));
        List<String> taken = takers.stream()
                .filter(taker -> need.fitting().contains(taker.id()))
                .map(Taker::zone)
                .toList();
        List<Taker> fitting = takers.stream()
                .filter(taker ->
                        !inode.holders().contains(taker.id()) && need.workers().matches(taker.labels()))
                .toList();
        for (Taker taker : ZoneSpread.order(fitting, Taker::zone, taken)) {
            long registration = parts.workers().registration(taker.id());
            if (registration != 0 && !parts.workers().isToDelete(version, taker.id())) {
                targets.put(taker.id(), registration);
            }
        }
        if (source == null || targets.isEmpty()) {
            return false;
        }
        underWay.put(inode.id(), new Order(version, inode.lengthBytes(), targets, now));
        bytesUnderWay += inode.lengthBytes();
        parts.workers().copy(source, inode.id(), parts.tickets().toCopy(inode, List.copyOf(targets.keySet())));
        return true;
    }

    /** Has the file leave workers that it should not be on, since it is on enough others. */
    private boolean letGo(Inode inode, CopyNeeds.Need need, long now) {
        if (!needs.isHeldWithout(need.misplaced(), inode, need.wanted())) {
            return false;
        }
        underWay.put(inode.id(), new Order(inode.version(), 0, Map.of(), now));
        parts.leader()
                .submit((state, records) -> {
                    NamespaceView view = new NamespaceView(state);
                    Inode current = view.inode(inode.id());
                    if (current == null
                            || !current.complete()
                            || !current.holders().equals(inode.holders())
                            || !needs.isHeldWithout(need.misplaced(), current, need.wanted())
                            || view.isDetached(inode.id())
                            || isBeingPersisted(current, view)) {
                        return List.<Long>of();
                    }
                    List<Long> kept = new ArrayList<>(current.holders());
                    kept.removeAll(need.misplaced());
                    records.accept(new Record.HoldersChanged(inode.id(), kept));
                    return need.misplaced();
                })
                .whenComplete((left, failure) -> {
                    if (failure == null) {
                        parts.workers().delete(inode.version(), left);
                    }
                    synchronized (this) {
                        underWay.remove(inode.id());
                    }
                    if (failure != null || left.isEmpty()) {
                        lookAgainAt(inode.id());
                    }
                });
        return true;
    }

    /** A worker's word that it has taken a copy; it may come more than once. */
    void copied(SignedReceipt signed) {
        try {
            Receipt receipt = parts.tickets().check(signed);
            Order order;
            synchronized (this) {
                order = underWay.remove(receipt.getFileId());
                bytesUnderWay -= order == null ? 0 : order.lengthBytes;
                if (order != null && underWay.isEmpty()) {
                    // What was lacking at the last look may be there by now: the figures should say so.
                    looks.add(parts.steadyClock().millis() + LOOK_AGAIN_MILLIS);
                }
            }
            FileVersion version = FileVersion.of(receipt.getVersion());
            long workerId = receipt.getWorkerIds(0);
            parts.leader()
                    .submit((state, records) -> {
                        NamespaceView view = new NamespaceView(state);
                        Inode inode = view.inode(receipt.getFileId());
                        if (inode != null && inode.holders().contains(workerId)) {
                            return List.<Long>of();
                        }
                        if (inode == null
                                || view.isDetached(inode.id())
                                || order == null
                                || !isAsOrdered(order, inode, workerId)) {
                            return List.of(workerId);
                        }
                        List<Long> holders = new ArrayList<>(inode.holders());
                        holders.removeIf(holder -> !needs.isPresent(holder));
                        holders.add(workerId);
                        records.accept(new Record.HoldersChanged(inode.id(), holders));
                        healed.increment();
                        return inode.holders().stream()
                                .filter(holder -> !holders.contains(holder))
                                .toList();
                    })
                    .thenAccept(none -> {
                        parts.workers().delete(version, none);
                        lookAgainAt(receipt.getFileId());
                    });
        } catch (TarnException e) {
            LOG.warn("A worker's word on a copied file is not taken: {}", e.getMessage());
        }
    }

    /** It may lack more copies, or be where it should not be. */
    private synchronized void lookAgainAt(long inodeId) {
        if (single.size() < MAX_FILES) {
            single.add(inodeId);
        } else {
            looks.add(parts.steadyClock().millis() + LOOK_AGAIN_MILLIS);
        }
    }

    /** A worker that has registered anew meanwhile may have been told to delete it. */
    private boolean isAsOrdered(Order order, Inode inode, long workerId) {
        Long registration = order.registrations.get(workerId);
        return inode.version().equals(order.version)
                && registration != null
                && registration == parts.workers().registration(workerId)
                && !parts.workers().isToDelete(order.version, workerId);
    }
}
