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
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final long LEAVING_PAUSE_MILLIS = 2_000;

    private final NamespaceParts parts;
    private final Counter healed;
    private final Map<Long, Order> underWay = new LinkedHashMap<>();
    private long bytesUnderWay;
    private Set<Long> up = Set.of();
    /** When to look at all files, by the leader's clock: workers have come by then, or been away for long enough. */
    private final List<Long> looks = new ArrayList<>();

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
        long now = parts.clock().millis();
        noteChanges(now);
        giveUpLate(now);
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

    private void noteChanges(long now) {
        Set<Long> nowUp = new HashSet<>();
        parts.workers().takers(new PlacementKey(0)).forEach(worker -> nowUp.add(worker.getWorkerId()));
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
                if (lacksCopies(inode, copies) && !view.isDetached(inode.id())) {
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
        return Math.min(parts.config().copies(), parts.workers().expected());
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

    private void heal(Inode inode, long now) {
        FileVersion version = inode.version();
        Long source = inode.holders().stream()
                .filter(parts.workers()::isAlive)
                .findFirst()
                .orElse(null);
        Map<Long, Long> targets = new LinkedHashMap<>();
        for (WorkerAddress worker : parts.workers().takers(PlacementKey.ofVersion(version))) {
            long id = worker.getWorkerId();
            if (!inode.holders().contains(id) && !parts.workers().isToDelete(version, id)) {
                targets.put(id, parts.workers().registration(id));
            }
        }
        if (source != null && !targets.isEmpty()) {
            underWay.put(inode.id(), new Order(version, inode.lengthBytes(), targets, now));
            bytesUnderWay += inode.lengthBytes();
            parts.workers().copy(source, inode.id(), parts.tickets().toCopy(inode, List.copyOf(targets.keySet())));
        }
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
