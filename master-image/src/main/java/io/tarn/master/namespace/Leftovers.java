package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.MountFigures;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.StoreRename;
import io.tarn.master.record.Tombstone;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.path.TarnPath;

/**
 * Changes of stores that were cut off by a crash, or by a store that is away, and are still to be carried on. Whoever holds a path and finds one there, above
 * or below knows that it is not being worked on, and lets it be finished first: else it would work on what came after it. Stateless.
 */
final class Leftovers {
    private Leftovers() {}

    /** Whether there is one at, above or below a path. */
    static boolean around(NamespaceView view, MountTable mounts, TarnPath path) {
        MountPlace place = MountPlace.of(mounts, path);
        MountEntry here = mounts.at(path);
        return (place != null && around(view, place)) || (here != null && around(view, new MountPlace(here, "")));
    }

    private static boolean around(NamespaceView view, MountPlace place) {
        MountFigures figures = view.figures(place.mount().id());
        return (figures.tombstones() != 0 && isDeleted(view, place))
                || (figures.persists() != 0 && isPersisted(view, place))
                || isRenamed(view, place);
    }

    private static boolean isDeleted(NamespaceView view, MountPlace place) {
        return found(view, Table.TOMBSTONE, place);
    }

    private static boolean isPersisted(NamespaceView view, MountPlace place) {
        return found(view, Table.PERSISTING, place);
    }

    /** A persist that may have happened above or below a place, or at it by another file. */
    static boolean othersAround(NamespaceView view, MountPlace place, long inodeId) {
        long mountId = place.mount().id();
        var own = view.persistIntent(mountId, place.path());
        if (own != null && own.inodeId() == inodeId) {
            return isDeleted(view, place) || isRenamed(view, place);
        }
        return around(view, place);
    }

    private static boolean found(NamespaceView view, Table table, MountPlace place) {
        long mountId = place.mount().id();
        for (MountPlace top = place; ; top = top.parent()) {
            byte[] value = view.state().get(table, Keys.mounted(mountId, top.path()));
            if (value != null && counts(table, value)) {
                return true;
            }
            if (top.path().isEmpty()) {
                break;
            }
        }
        try (StateReader.Cursor cursor = view.state().scan(table, Keys.mounted(mountId, place.path()), null)) {
            while (cursor.next()) {
                boolean below = Keys.liesAtOrBelow(Keys.mountedPath(cursor.key()), place.path());
                if (below && counts(table, cursor.value())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The tombstones of a rename are its intent's. */
    private static boolean counts(Table table, byte[] value) {
        return table != Table.TOMBSTONE || NamespaceView.tombstoneOf(value).reason() == Tombstone.Reason.DELETE;
    }

    private static boolean isRenamed(NamespaceView view, MountPlace place) {
        try (StateReader.Cursor cursor = view.state().scan(Table.INTENT, Keys.ALL, null)) {
            while (cursor.next()) {
                StoreRename rename = NamespaceView.renameOf(cursor.value());
                boolean here = rename.mountId() == place.mount().id();
                if (here && (overlaps(rename.source(), place.path()) || overlaps(rename.target(), place.path()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean overlaps(String a, String b) {
        return Keys.liesAtOrBelow(a, b) || Keys.liesAtOrBelow(b, a);
    }
}
