package io.tarn.master.record;

import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replay of quotas and of what counts: QUOTA and USAGE. USAGE has a row for each directory with the sum of what counts below it, so that a tree moves or goes
 * with its sum, whatever its size. An inode counts once the counting has come past its id; where no quota was ever set, none does, and nothing is written. For
 * one record.
 */
final class QuotaReplay {
    private static final int ROWS_DROPPED = 1_000;
    private static final long NOT_LOOKED = -1;

    private final StateWriter state;
    private final NamespaceView view;
    private long countedThrough = NOT_LOOKED;

    QuotaReplay(StateWriter state) {
        this.state = state;
        this.view = new NamespaceView(state);
    }

    /** An inode has come to hang where it says, with what counts below it. */
    void add(Inode inode) {
        if (isCounting()) {
            change(inode.parent(), of(inode), false);
        }
    }

    /** An inode hangs no more where it says, nor does what is below it. */
    void remove(Inode inode) {
        if (isCounting()) {
            change(inode.parent(), of(inode), true);
        }
    }

    /** Inodes up to this id count from now on. */
    void countThrough(long inodeId) {
        List<Inode> found = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.INODE, Keys.ALL, Keys.id(view.countedThrough()))) {
            while (cursor.next() && Keys.idOf(cursor.key()) <= inodeId) {
                found.add(NamespaceView.decode(cursor.value(), Inode::read));
            }
        }
        state.put(Table.META, Keys.COUNTED_THROUGH, Keys.id(inodeId));
        for (Inode inode : found) {
            if (inode.complete() && view.childId(inode.parent(), inode.name()) == inode.id()) {
                change(inode.parent(), new Usage(1, inode.lengthBytes()), false);
            }
        }
    }

    /** Nothing counts any more; removes some of the sums. */
    void stopCounting() {
        state.delete(Table.META, Keys.COUNTED_THROUGH);
        List<byte[]> rows = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.USAGE, Keys.ALL, null)) {
            while (rows.size() < ROWS_DROPPED && cursor.next()) {
                rows.add(cursor.key());
            }
        }
        rows.forEach(row -> state.delete(Table.USAGE, row));
    }

    void set(DirectoryKey directory, @Nullable Quota quota) {
        if (quota == null || quota.isNone()) {
            state.delete(Table.QUOTA, directory.encode());
        } else {
            state.put(Table.QUOTA, directory.encode(), quota.encode());
        }
    }

    /** A directory is the store's alone now: nothing that is owned hangs in it. */
    void settle(long inodeId, DirectoryKey.Mirrored place) {
        if (isCounting()) {
            set(place, view.quota(new DirectoryKey.Owned(inodeId)));
            forget(inodeId);
        }
    }

    /** Nothing is left of a directory. */
    void forget(long inodeId) {
        if (isCounting()) {
            byte[] key = new DirectoryKey.Owned(inodeId).encode();
            state.delete(Table.QUOTA, key);
            state.delete(Table.USAGE, key);
        }
    }

    /** Directories of a store stand elsewhere now. */
    void move(long mountId, String source, String target) {
        if (!isCounting()) {
            return;
        }
        set(new DirectoryKey.Mirrored(mountId, target), null);
        for (DirectoryKey.Mirrored directory : view.limitedAtOrBelow(mountId, source)) {
            String path = target + directory.path().substring(source.length());
            set(new DirectoryKey.Mirrored(mountId, path), view.quota(directory));
            set(directory, null);
        }
    }

    void unmount(long mountId) {
        if (isCounting()) {
            view.limitedAtOrBelow(mountId, "").forEach(directory -> set(directory, null));
        }
    }

    private boolean isCounting() {
        if (countedThrough == NOT_LOOKED) {
            countedThrough = view.countedThrough();
        }
        return countedThrough != 0;
    }

    private Usage of(Inode inode) {
        boolean counts = inode.complete() && inode.id() <= countedThrough;
        Usage own = counts ? new Usage(1, inode.lengthBytes()) : Usage.NONE;
        return inode.directory() ? own.plus(view.usage(new DirectoryKey.Owned(inode.id()))) : own;
    }

    private void change(DirectoryKey directory, Usage usage, boolean less) {
        if (usage.equals(Usage.NONE)) {
            return;
        }
        for (DirectoryKey above : Ancestors.atAndAbove(view, directory)) {
            Usage before = view.usage(above);
            Usage after = less ? before.minus(usage) : before.plus(usage);
            if (after.equals(Usage.NONE)) {
                state.delete(Table.USAGE, above.encode());
            } else {
                state.put(Table.USAGE, above.encode(), after.encode());
            }
        }
    }
}
