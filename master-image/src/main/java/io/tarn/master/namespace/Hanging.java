package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.util.function.Predicate;

/**
 * What hangs at or below a place of a mount, whatever its store holds there. A store may lose a directory without Tarn's doing; for as long as something hangs
 * there it is a directory all the same, since what hangs in it would be out of sight. Stateless.
 */
final class Hanging {
    private Hanging() {}

    /** Whether something owned does. Of use only where a mount has such entries at all, see {@link io.tarn.master.record.MountFigures#edges}. */
    static boolean isOwned(NamespaceView view, long mountId, String place) {
        return isAny(view.state(), Table.EDGE, mountId, place, value -> true);
    }

    /** Whether a file is being written that will be owned. One that goes through to the store brings its directories along. */
    static boolean isWritten(NamespaceView view, long mountId, String place) {
        return isAny(
                view.state(),
                Table.PENDING,
                mountId,
                place,
                value -> !NamespaceView.pendingOf(value).through());
    }

    /** One seek where nothing hangs at a place whose path begins like this one. */
    private static boolean isAny(
            StateReader state, Table table, long mountId, String place, Predicate<byte[]> condition) {
        byte[] at = new DirectoryKey.Mirrored(mountId, place).encode();
        return isAny(state, table, Keys.hanging(mountId, place), condition)
                && (isAny(state, table, at, condition)
                        || isAny(state, table, Keys.hanging(mountId, place + "/"), condition));
    }

    private static boolean isAny(StateReader state, Table table, byte[] prefix, Predicate<byte[]> condition) {
        try (StateReader.Cursor cursor = state.scan(table, prefix, null)) {
            while (cursor.next()) {
                if (condition.test(cursor.value())) {
                    return true;
                }
            }
            return false;
        }
    }
}
