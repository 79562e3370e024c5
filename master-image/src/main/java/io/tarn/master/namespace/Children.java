package io.tarn.master.namespace;

import io.tarn.master.mirror.Mirror;
import io.tarn.master.mirror.MirrorKeys;
import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.MountFigures;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of one directory in the order of their names' bytes: owned ones, united with what the store holds and with directories that only what is owned
 * below them keeps, without what is hidden.
 */
final class Children {
    private Children() {}

    record Child(String name, Node node) {}

    /** At most {@code wanted} children after a name; fewer only at the end. */
    static List<Child> of(Resolver resolver, Directory directory, String after, int wanted) throws TarnException {
        List<Child> owned = owned(resolver, directory, after, wanted);
        MountPlace store = directory.store();
        return store == null ? owned : merge(owned, mirrored(resolver, store, after, wanted), wanted);
    }

    private static List<Child> owned(Resolver resolver, Directory directory, String after, int wanted) {
        NamespaceView view = resolver.view();
        byte[] prefix = directory.key().encode();
        byte[] start = after.isEmpty() ? null : directory.key().childKey(after);
        List<Child> children = new ArrayList<>();
        try (StateReader.Cursor cursor = view.state().scan(Table.EDGE, prefix, start)) {
            while (children.size() < wanted && cursor.next()) {
                Inode inode = view.inode(Keys.idOf(cursor.value()));
                if (inode == null) {
                    throw new IllegalStateException("an entry of a directory without its inode");
                }
                children.add(new Child(inode.name(), resolver.ofInode(inode, directory.place(), inode.name())));
            }
        }
        return children;
    }

    private static List<Child> mirrored(Resolver resolver, MountPlace directory, String after, int wanted)
            throws TarnException {
        MountEntry mount = directory.mount();
        StateReader state = resolver.view().state();
        Mirror.requireChildren(state, mount, directory.path(), resolver.notBefore(mount));
        MountFigures figures = resolver.view().figures(mount.id());
        byte[] prefix = MirrorKeys.children(mount.id(), directory.path());
        byte @Nullable [] start = after.isEmpty()
                ? null
                : MirrorKeys.row(mount.id(), directory.child(after).path());
        List<Child> children = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.MIRROR, prefix, start)) {
            while (children.size() < wanted && cursor.next()) {
                MirrorRow row = MirrorRow.decode(cursor.value());
                String place = MirrorKeys.path(cursor.key());
                if (row.present() && !isHidden(resolver, figures, mount, place)) {
                    String name = place.substring(place.lastIndexOf('/') + 1);
                    children.add(new Child(name, resolver.ofRow(mount, figures, place, row)));
                }
            }
        }
        return figures.edges() == 0
                ? children
                : merge(hanging(resolver, figures, directory, after, wanted), children, wanted);
    }

    private static List<Child> hanging(
            Resolver resolver, MountFigures figures, MountPlace directory, String after, int wanted) {
        MountEntry mount = directory.mount();
        HangingDirectories directories = new HangingDirectories(resolver.view().state(), directory);
        List<Child> children = new ArrayList<>();
        String name = directories.next(after);
        while (name != null && children.size() < wanted) {
            String place = directory.child(name).path();
            if (!isHidden(resolver, figures, mount, place)) {
                children.add(new Child(name, resolver.ofHanging(mount, figures, place)));
            }
            name = directories.next(name);
        }
        return children;
    }

    private static boolean isHidden(Resolver resolver, MountFigures figures, MountEntry mount, String place) {
        return figures.tombstones() != 0 && resolver.view().tombstone(mount.id(), place) != null;
    }

    /** Where both have a name, the first counts. */
    private static List<Child> merge(List<Child> owned, List<Child> mirrored, int wanted) {
        if (owned.isEmpty()) {
            return mirrored;
        }
        List<Child> merged = new ArrayList<>();
        int o = 0;
        int m = 0;
        while (merged.size() < wanted && (o < owned.size() || m < mirrored.size())) {
            int order = o == owned.size()
                    ? 1
                    : m == mirrored.size()
                            ? -1
                            : compare(owned.get(o).name(), mirrored.get(m).name());
            merged.add(order <= 0 ? owned.get(o) : mirrored.get(m));
            o += order <= 0 ? 1 : 0;
            m += order >= 0 ? 1 : 0;
        }
        return merged;
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
