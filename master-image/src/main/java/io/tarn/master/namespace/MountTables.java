package io.tarn.master.namespace;

import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.StateReader;
import java.util.List;

/**
 * Keeps the newest committed mount table decoded. A table that is not committed yet is never kept: its version may come to mean something else. Safe for
 * many threads.
 */
final class MountTables {
    private final StateReader committed;
    private volatile MountTable newest = new MountTable(0, List.of());

    MountTables(StateReader committed) {
        this.committed = committed;
    }

    /** The mount table of a state. */
    MountTable of(NamespaceView view) {
        long version = view.mountTableVersion();
        MountTable known = newest;
        if (known.version() == version) {
            return known;
        }
        MountTable read = new MountTable(version, view.mounts());
        if (view.state() == committed) {
            newest = read;
        }
        return read;
    }
}
