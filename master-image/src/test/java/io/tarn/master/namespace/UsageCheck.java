package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Usage;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Counts what is in the namespace the slow way, from the entries of all directories, and compares it with the sums that the state keeps. */
final class UsageCheck {
    private final NamespaceView view;
    private final Map<String, Usage> counted = new TreeMap<>();

    private UsageCheck(StateReader state) {
        view = new NamespaceView(state);
    }

    static void assertExact(StateReader state, String what) {
        UsageCheck check = new UsageCheck(state);
        check.countBelow(new DirectoryKey.Owned(Inode.ROOT_ID));
        assertEquals(check.counted, check.kept(), what + ": usage");
    }

    /** Everything that hangs in directories which can be reached from the root. */
    private Usage countBelow(DirectoryKey directory) {
        Usage sum = Usage.NONE;
        try (StateReader.Cursor cursor = view.state().scan(Table.EDGE, directory.encode(), null)) {
            while (cursor.next()) {
                sum = sum.plus(count(Keys.idOf(cursor.value())));
            }
        }
        note(directory, sum);
        return sum;
    }

    private Usage count(long inodeId) {
        Inode inode = Objects.requireNonNull(view.inode(inodeId));
        Usage own = new Usage(1, inode.lengthBytes());
        if (!inode.directory()) {
            return own;
        }
        return own.plus(inode.isMountPoint() ? countMount(inode) : countBelow(inode.directoryKey()));
    }

    /** What hangs below directories of a store, wherever it hangs, counts in each directory above it. */
    private Usage countMount(Inode mountPoint) {
        Usage sum = Usage.NONE;
        MountEntry mount = Objects.requireNonNull(view.mount(mountPoint.mountId()));
        byte[] prefix = Keys.hanging(mount.id(), "");
        try (StateReader.Cursor cursor = view.state().scan(Table.EDGE, prefix, null)) {
            while (cursor.next()) {
                Usage usage = count(Keys.idOf(cursor.value()));
                sum = sum.plus(usage);
                Inode hanging = Objects.requireNonNull(view.inode(Keys.idOf(cursor.value())));
                String path = ((DirectoryKey.Mirrored) hanging.parent()).path();
                for (; !path.isEmpty(); path = path.substring(0, Math.max(0, path.lastIndexOf('/')))) {
                    note(new DirectoryKey.Mirrored(mount.id(), path), usage);
                }
            }
        }
        note(new DirectoryKey.Owned(mountPoint.id()), sum);
        return sum;
    }

    private void note(DirectoryKey directory, Usage usage) {
        counted.merge(directory.toString(), usage, Usage::plus);
        counted.remove(directory.toString(), Usage.NONE);
    }

    /** Without what was kept of directories that are deleted, and are reclaimed by and by. */
    private Map<String, Usage> kept() {
        Map<String, Usage> kept = new TreeMap<>();
        try (StateReader.Cursor cursor = view.state().scan(Table.USAGE, Keys.ALL, null)) {
            while (cursor.next()) {
                DirectoryKey directory = DirectoryKey.decode(cursor.key());
                if (isReachable(directory)) {
                    kept.put(directory.toString(), view.usage(directory));
                }
            }
        }
        return kept;
    }

    private boolean isReachable(DirectoryKey directory) {
        Inode inode = directory instanceof DirectoryKey.Owned owned ? view.inode(owned.inodeId()) : null;
        if (inode == null) {
            return directory instanceof DirectoryKey.Mirrored;
        }
        boolean isEntry = view.childId(inode.parent(), inode.name()) == inode.id();
        return inode.id() == Inode.ROOT_ID || (isEntry && Paths.of(inode, view) != null);
    }
}
