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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds files that are on fewer workers than they should be, by a look at all of them after workers have come or gone, and has them copied, so many at a time. Soft state: a
 * new leader looks again. See docs/design/placement.md. Safe for many threads.
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
    private final Counter healed;
    private final Map<Long, Order> underWay = new LinkedHashMap<>();
    private long bytesUnderWay;
    /** By worker, its registration. */
    private Map<Long, Long> up = Map.of();

    /** When to look at all files, by the leader's clock: workers have come by then, or been away for long enough. */
    private final Set<Long> looks = new HashSet<>();

    private final Set<Long> sealed = new LinkedHashSet<>();

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
        noteChanges(now);
        giveUpLate(now);
        lookAtSealed(now);
        if (!looking && looks.removeIf(millis -> millis <= now)) {
            leavingAtLook = leaving();
            looking = copies() > 1 || !leavingAtLook.isEmpty();
            after = null;
            wanting = 0;
        }
        if (looking) {
            look(now);
        }
    }

    /** A file was completed on what workers happen to have of it, which may be one of them only. */
    synchronized void sealed(long inodeId) {
        sealed.add(inodeId);
    }

    private void lookAtSealed(long now) {
        for (Long inodeId : List.copyOf(sealed)) {
            Inode inode = new NamespaceView(parts.store()).inode(inodeId);
            if (!hasRoom()) {
                return;
            }
            if (inode == null || !lacksCopies(inode, copies()) || heal(inode, now)) {
                sealed.remove(inodeId);
            }
        }
    }

    private void noteChanges(long now) {
        Map<Long, Long> nowUp = new HashMap<>();
        parts.workers()
                .takers(new PlacementKey(0))
                .forEach(worker ->
                        nowUp.put(worker.id(), parts.workers().registration(worker.id())));
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
        int copies = copies();
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
                } else if (lacksCopies(inode, copies) && !view.isDetached(inode.id())) {
                    wanting++;
                    heal(inode, now);
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

    private synchronized void lookSoon() {
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

    /** On how many a file should be; what is to be on one only has nowhere to be copied from. */
    private int copies() {
        return Math.min(parts.config().copies(), parts.workers().expected(WorkerSelector.ANY));
    }

    private boolean hasRoom() {
        return underWay.size() < MAX_FILES && bytesUnderWay < MAX_BYTES;
    }

    /** Who is away for a moment only is waited for, who is leaving does not count. */
    private boolean lacksCopies(Inode inode, int copies) {
        if (inode.directory() || !inode.complete() || inode.holders().isEmpty() || underWay.containsKey(inode.id())) {
            return false;
        }
        return inode.holders().stream().filter(this::isPresent).count() < copies;
    }

    private boolean isPresent(long workerId) {
        return !parts.workers().isLeaving(workerId)
                && parts.workers().silentMillis(workerId)
                        <= parts.config().healingDelay().toMillis();
    }

    /** @return false where nobody has it or can take it at the moment: those that had a part of it may still have to delete that */
    private boolean heal(Inode inode, long now) {
        FileVersion version = inode.version();
        Long source = inode.holders().stream()
                .filter(parts.workers()::isAlive)
                .findFirst()
                .orElse(null);
        Map<Long, Long> targets = new LinkedHashMap<>();
        Map<Boolean, List<Taker>> takers = parts.workers().takers(PlacementKey.ofVersion(version)).stream()
                .collect(Collectors.partitioningBy(taker -> inode.holders().contains(taker.id())));
        List<String> taken = takers.get(true).stream().map(Taker::zone).toList();
        for (Taker taker : ZoneSpread.order(takers.get(false), Taker::zone, taken)) {
            if (!parts.workers().isToDelete(version, taker.id())) {
                targets.put(taker.id(), parts.workers().registration(taker.id()));
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

    /** A worker's word that it has taken a copy; it may come more than once. */
    void copied(SignedReceipt signed) {
        try {
            Receipt receipt = parts.tickets().check(signed);
            Order order;
            synchronized (this) {
                order = underWay.remove(receipt.getFileId());
                bytesUnderWay -= order == null ? 0 : order.lengthBytes;
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
                        holders.removeIf(holder -> !isPresent(holder));
                        holders.add(workerId);
                        records.accept(new Record.HoldersChanged(inode.id(), holders));
                        healed.increment();
                        return inode.holders().stream()
                                .filter(holder -> !holders.contains(holder))
                                .toList();
                    })
                    .thenAccept(none -> parts.workers().delete(version, none));
        } catch (TarnException e) {
            LOG.warn("A worker's word on a copied file is not taken: {}", e.getMessage());
        }
    }

    /** A worker that has registered anew meanwhile may have been told to delete it. */
    private boolean isAsOrdered(Order order, Inode inode, long workerId) {
        Long registration = order.registrations.get(workerId);
        return inode.version().equals(order.version)
                && registration != null
                && registration != 0
                && registration == parts.workers().registration(workerId)
                && !parts.workers().isToDelete(order.version, workerId);
    }
}
