package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.WorkerSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** On which workers files should be that no store holds, beside those that they are on. For one thread at a time, except where a method says otherwise. */
final class CopyNeeds {
    private final NamespaceParts parts;
    private final Placements placements = new Placements();
    private final Map<WorkerSelector, Integer> expected = new HashMap<>();

    CopyNeeds(NamespaceParts parts) {
        this.parts = parts;
    }

    /**
     * Of one file.
     *
     * @param workers that may hold it: any, while none is up that is as the directories above want
     * @param copies on how many of them it should be
     * @param wanted on how many it should be were there enough of them: when so many have it, it may leave others
     * @param fitting its holders that are such, and count
     * @param misplaced its holders that are not such; none while so few are up that it would be on fewer than wanted without those
     */
    record Need(WorkerSelector workers, int copies, int wanted, List<Long> fitting, List<Long> misplaced) {
        boolean lacksCopies() {
            return fitting.size() < copies;
        }

        boolean isMet() {
            return !lacksCopies() && misplaced.isEmpty();
        }
    }

    /** Workers and directories may have changed. */
    void lookAnew() {
        placements.forget();
        expected.clear();
    }

    /** @param file complete, with holders */
    Need of(Inode file, NamespaceView view) {
        Placement placement = placements.of(file, view);
        WorkerSelector workers = expected(placement.workers()) > 0 ? placement.workers() : WorkerSelector.ANY;
        int wanted = placement.copiesOr(parts.config().copies());
        List<Long> fitting = file.holders().stream()
                .filter(holder -> isPresent(holder) && parts.workers().matches(holder, workers))
                .toList();
        int takers = expected(workers);
        List<Long> misplaced = takers < wanted
                ? List.of()
                : file.holders().stream()
                        .filter(holder -> !parts.workers().matches(holder, workers))
                        .toList();
        return new Need(workers, Math.min(wanted, takers), wanted, fitting, misplaced);
    }

    private int expected(WorkerSelector workers) {
        return expected.computeIfAbsent(workers, selector -> parts.workers().expected(selector));
    }

    /** Who is away for a moment only is waited for, who is leaving does not count. From any thread. */
    boolean isPresent(long workerId) {
        return !parts.workers().isLeaving(workerId)
                && parts.workers().silentMillis(workerId)
                        <= parts.config().healingDelay().toMillis();
    }

    /** Whether those that are to hold the version do so beyond doubt, so that others need not. From any thread. */
    boolean isHeldWithout(List<Long> misplaced, Inode file, int wanted) {
        FileVersion version = file.version();
        long sure = file.holders().stream()
                .filter(holder -> !misplaced.contains(holder))
                .filter(holder -> parts.workers().registration(holder) != 0
                        && !parts.workers().mayLack(holder, version)
                        && !parts.workers().isToDelete(version, holder))
                .count();
        return sure >= wanted;
    }
}
