package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Unpersisted;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.path.TarnPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes round the table of what is to be persisted, a bounded stretch at a time, and finds what is due. On its way it counts how much waits and since when. Safe for many threads.
 */
final class PersistQueue {
    private static final int ROWS_PER_SWEEP = 4_096;
    private static final int MAX_ASKED = 100_000;

    private final NamespaceParts parts;
    private final PersistFailures failures;
    private final Set<Long> asked = ConcurrentHashMap.newKeySet();
    private byte @Nullable [] after;
    private long files;
    private long bytes;
    private long oldestMillis;
    private volatile Figures figures = new Figures(0, 0, 0);

    PersistQueue(NamespaceParts parts, PersistFailures failures) {
        this.parts = parts;
        this.failures = failures;
    }

    /** What waited at the last time round; {@code oldestMillis} is 0 where nothing did. */
    record Figures(long files, long bytes, long oldestMillis) {}

    Figures figures() {
        return figures;
    }

    /** These go now, wherever they lie. */
    void ask(List<Long> inodeIds) {
        for (long inodeId : inodeIds) {
            if (asked.size() < MAX_ASKED) {
                asked.add(inodeId);
            }
        }
    }

    void forget(long inodeId) {
        asked.remove(inodeId);
    }

    /** What is due among the next rows. */
    synchronized List<Located> sweep() {
        NamespaceView view = new NamespaceView(parts.store());
        long now = parts.clock().millis();
        List<Located> due = new ArrayList<>();
        int rows = 0;
        try (StateReader.Cursor cursor = parts.store().scan(Table.UNPERSISTED, Keys.ALL, after)) {
            while (rows < ROWS_PER_SWEEP && cursor.next()) {
                rows++;
                after = cursor.key();
                long inodeId = Keys.idOf(after);
                Unpersisted row = NamespaceView.unpersistedOf(cursor.value());
                Located found = Located.find(view, parts.mountTables(), inodeId);
                if (found != null) {
                    count(found, row);
                    if (isDue(view, found, row, now)) {
                        due.add(found);
                    }
                }
            }
        }
        if (rows < ROWS_PER_SWEEP) {
            endOfRound(view);
        }
        return due;
    }

    private boolean isDue(NamespaceView view, Located found, Unpersisted row, long now) {
        long inodeId = found.inode().id();
        if (!failures.mayTry(inodeId, parts.steadyClock().millis())) {
            return false;
        }
        if (found.inode().inStore()) {
            return DirectoryPersisting.isSettled(view, found.inode()) || failures.of(inodeId) != null;
        }
        boolean clockWentBack = now < row.sinceMillis();
        return asked.contains(inodeId) || ((row.dueMillis() <= now || clockWentBack) && !isExcluded(found));
    }

    private boolean isExcluded(Located found) {
        TarnPath path = found.place().inNamespace();
        int directories = path.names().size() - (found.inode().directory() ? 0 : 1);
        return path.names().subList(0, directories).stream()
                .anyMatch(name -> parts.config().persistExclude().stream()
                        .anyMatch(excluded -> !excluded.isEmpty() && name.startsWith(excluded)));
    }

    private void count(Located found, Unpersisted row) {
        if (found.inode().inStore()) {
            return;
        }
        files++;
        bytes += found.inode().lengthBytes();
        oldestMillis = oldestMillis == 0 ? row.sinceMillis() : Math.min(oldestMillis, row.sinceMillis());
    }

    private void endOfRound(NamespaceView view) {
        figures = new Figures(files, bytes, oldestMillis);
        files = 0;
        bytes = 0;
        oldestMillis = 0;
        after = null;
        asked.removeIf(inodeId -> view.unpersisted(inodeId) == null);
        failures.retain(inodeId -> view.unpersisted(inodeId) != null);
    }
}
