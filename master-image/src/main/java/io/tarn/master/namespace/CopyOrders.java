package io.tarn.master.namespace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.ZoneSpread;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies of files that workers have been asked for, so many at a time, and their word on them. Safe for many threads. */
final class CopyOrders {
    private static final Logger LOG = LoggerFactory.getLogger(CopyOrders.class);
    private static final int MAX_FILES = 1_000;
    private static final long MAX_BYTES = 1L << 30;
    private static final long PATIENCE_MILLIS = 60_000;

    private final NamespaceParts parts;
    private final CopyNeeds needs;
    private final FilesToLookAt again;
    private final Counter healed;
    private final Map<Long, Order> underWay = new LinkedHashMap<>();
    private long bytesUnderWay;

    private record Order(FileVersion version, long lengthBytes, Map<Long, Long> registrations, long sinceMillis) {}

    CopyOrders(NamespaceParts parts, CopyNeeds needs, FilesToLookAt again, MeterRegistry meters) {
        this.parts = parts;
        this.needs = needs;
        this.again = again;
        this.healed = meters.counter("tarn.master.healing.done");
        meters.gauge("tarn.master.healing.under.way", this, CopyOrders::count);
    }

    synchronized int count() {
        return underWay.size();
    }

    synchronized boolean hasRoom() {
        return underWay.size() < MAX_FILES && bytesUnderWay < MAX_BYTES;
    }

    synchronized boolean isUnderWay(long inodeId) {
        return underWay.containsKey(inodeId);
    }

    /** Those that were asked for too long ago may never come. @return whether there were any */
    synchronized boolean giveUpLate(long now) {
        return underWay.values().removeIf(order -> {
            boolean late = now - order.sinceMillis > PATIENCE_MILLIS;
            bytesUnderWay -= late ? order.lengthBytes : 0;
            return late;
        });
    }

    /**
     * Asks for one more copy.
     *
     * @return false where nobody has it or can take it at the moment: those that had a part of it may still have to delete that
     */
    boolean order(Inode inode, CopyNeeds.Need need, long now) {
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
        synchronized (this) {
            underWay.put(inode.id(), new Order(version, inode.lengthBytes(), targets, now));
            bytesUnderWay += inode.lengthBytes();
        }
        parts.workers().copy(source, inode.id(), parts.tickets().toCopy(inode, List.copyOf(targets.keySet())));
        return true;
    }

    /** A worker's word that it has taken a copy; it may come more than once. */
    void copied(SignedReceipt signed) {
        try {
            Receipt receipt = parts.tickets().check(signed);
            Order order = end(receipt.getFileId());
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
                        again.lookAt(receipt.getFileId());
                    });
        } catch (TarnException e) {
            LOG.warn("A worker's word on a copied file is not taken: {}", e.getMessage());
        }
    }

    private @Nullable Order end(long inodeId) {
        Order order;
        boolean last;
        synchronized (this) {
            order = underWay.remove(inodeId);
            bytesUnderWay -= order == null ? 0 : order.lengthBytes;
            last = order != null && underWay.isEmpty();
        }
        if (last) {
            // What was lacking at the last look may be there by now: the figures should say so.
            again.lookAtAllLater();
        }
        return order;
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
