package io.tarn.master.namespace;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.SignedReceipt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds files that are on fewer workers than they should be, or on others, by a look at all of them after workers have come or gone or directories say otherwise, and has them
 * copied, so many at a time. Soft state: a new leader looks again. See docs/design/placement.md. Safe for many threads.
 */
final class Healing implements FilesToLookAt {
    private static final Logger LOG = LoggerFactory.getLogger(Healing.class);
    private static final int ROWS_PER_ROUND = 50_000;
    private static final int MAX_SINGLE = 1_000;
    private static final long LOOK_AGAIN_MILLIS = 2_000;
    private static final long LEAVING_PAUSE_MILLIS = 2_000;

    private final NamespaceParts parts;
    private final CopyNeeds needs;
    private final Holders holders;
    private final CopyOrders copies;
    private final MisplacedCopies misplaced;

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

    Healing(NamespaceParts parts, MeterRegistry meters) {
        this.parts = parts;
        this.needs = new CopyNeeds(parts);
        this.holders = new Holders(parts, this);
        this.copies = new CopyOrders(parts, needs, this, meters);
        this.misplaced = new MisplacedCopies(parts, needs, holders, this);
        meters.gauge("tarn.master.healing.lacking", this, healing -> healing.lacking);
    }

    /** A bounded stretch of the way. */
    synchronized void round() {
        long now = parts.steadyClock().millis();
        needs.lookAnew();
        noteChanges(now);
        if (copies.giveUpLate(now)) {
            looks.add(now);
        }
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
            if (!copies.hasRoom()) {
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
        boolean mayNeed =
                !inode.directory() && inode.complete() && !inode.holders().isEmpty();
        if (!mayNeed || copies.isUnderWay(inode.id()) || misplaced.isUnderWay(inode.id())) {
            return null;
        }
        CopyNeeds.Need need = needs.of(inode, view);
        return need.isMet() || view.isDetached(inode.id()) ? null : need;
    }

    /** @return whether it is on its way */
    private boolean meet(Inode inode, CopyNeeds.Need need, long now) {
        return need.lacksCopies() ? copies.order(inode, need, now) : misplaced.letGo(inode, need);
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

    private void look(long now) {
        NamespaceView view = new NamespaceView(parts.store());
        int rows = 0;
        try (StateReader.Cursor cursor = parts.store().scan(Table.INODE, Keys.ALL, after)) {
            while (rows < ROWS_PER_ROUND && copies.hasRoom() && cursor.next()) {
                rows++;
                after = cursor.key();
                Inode inode = NamespaceView.inodeOf(cursor.value());
                if (isBegunOnLeaving(inode)) {
                    wanting++;
                }
                if (holders.askedAbout(inode, view)) {
                    looks.add(now + LOOK_AGAIN_MILLIS);
                    continue;
                }
                CopyNeeds.Need need = unmet(inode, view);
                if (need != null) {
                    wanting += need.lacksCopies() ? 1 : 0;
                    if (!meet(inode, need, now) && !need.lacksCopies()) {
                        lookAt(inode.id());
                    }
                }
            }
        }
        if (rows < ROWS_PER_ROUND && copies.hasRoom()) {
            looking = false;
            lacking = wanting;
            boolean all = wanting == 0 && copies.count() == 0 && !misplaced.anyUnderWay();
            drained = all ? leavingAtLook : Set.of();
            if (!all) {
                LOG.info("{} files were on fewer workers than they should be", wanting);
            }
            if (!leavingAtLook.isEmpty() && !all) {
                looks.add(now + LEAVING_PAUSE_MILLIS);
            }
        }
    }

    /** It holds the file no more; others do, or nobody. */
    void missing(long workerId, FileVersion version) {
        holders.missing(workerId, version);
    }

    /** A worker's word that it has taken a copy; it may come more than once. */
    void copied(SignedReceipt signed) {
        copies.copied(signed);
    }

    @Override
    public synchronized void lookAt(long inodeId) {
        if (single.size() < MAX_SINGLE) {
            single.add(inodeId);
        } else {
            lookAtAllLater();
        }
    }

    @Override
    public synchronized void lookAtAllSoon() {
        looks.add(parts.steadyClock().millis());
    }

    @Override
    public synchronized void lookAtAllLater() {
        looks.add(parts.steadyClock().millis() + LOOK_AGAIN_MILLIS);
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
}
