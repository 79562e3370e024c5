package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what was detached, in bounded steps: children of directories become detached themselves, workers are told to delete the pages of files, and
 * what nothing is left of is removed. All it needs is in the state, so a restart loses nothing. Used by one thread.
 */
final class Reclaimer {
    private static final int ROOTS_PER_STEP = 256;
    private static final int CHILDREN_PER_STEP = 1000;

    private final NamespaceParts parts;
    private final Mutations mutations;
    /** What was looked at in this round ends here: a scan from the start crosses everything that was reclaimed lately. */
    private byte @Nullable [] after;
    /** A directory was taken apart in this round: what lay in it may stand before the place where the round is. */
    private boolean another;

    Reclaimer(NamespaceParts parts, Mutations mutations) {
        this.parts = parts;
        this.mutations = mutations;
    }

    /** One bounded step; true where another would find work at once: directories to take apart, or what was not looked at in this round. */
    boolean step() throws TarnException {
        List<Long> roots = nextRoots();
        List<Long> gone = new ArrayList<>();
        boolean full = false;
        NamespaceView view = new NamespaceView(parts.store());
        for (long id : roots) {
            Inode inode = view.inode(id);
            if (inode == null || (!inode.directory() && isDeletedEverywhere(inode))) {
                gone.add(id);
            } else if (inode.directory()) {
                another = true;
                if (!takeApart(inode, view)) {
                    gone.add(id);
                }
            } else {
                full |= !parts.workers().delete(inode.version(), aliveHolders(inode));
            }
        }
        if (full) {
            after = null; // what the workers confirm next stands in front
        }
        if (!gone.isEmpty()) {
            mutations.step((state, records) -> {
                records.accept(new Record.InodesReclaimed(gone));
                return true;
            });
        }
        return after != null || startsAgain();
    }

    private boolean startsAgain() {
        boolean again = another;
        another = false;
        return again;
    }

    private List<Long> nextRoots() {
        List<Long> roots = new ArrayList<>();
        try (StateReader.Cursor cursor = parts.store().scan(Table.DETACHED, Keys.ALL, after)) {
            while (roots.size() < ROOTS_PER_STEP && cursor.next()) {
                after = cursor.key();
                roots.add(Keys.idOf(cursor.key()));
            }
        }
        if (roots.size() < ROOTS_PER_STEP) {
            after = null;
        }
        return roots;
    }

    private boolean isDeletedEverywhere(Inode file) {
        return parts.workers().isDeleted(file.version(), aliveHolders(file));
    }

    private List<Long> aliveHolders(Inode file) {
        return file.holders().stream().filter(parts.workers()::isAlive).toList();
    }

    /** Detaches some children of a detached directory; false where it has none left. */
    private boolean takeApart(Inode directory, NamespaceView view) throws TarnException {
        List<Long> children = new ArrayList<>();
        List<Long> pending = new ArrayList<>();
        byte[] prefix = directory.directoryKey().encode();
        try (StateReader.Cursor cursor = view.state().scan(Table.EDGE, prefix, null)) {
            while (children.size() < CHILDREN_PER_STEP && cursor.next()) {
                children.add(Keys.idOf(cursor.value()));
            }
        }
        try (StateReader.Cursor cursor = view.state().scan(Table.PENDING, prefix, null)) {
            while (pending.size() < CHILDREN_PER_STEP && cursor.next()) {
                PendingFile file = NamespaceView.pendingOf(cursor.value());
                pending.add(file.inodeId());
            }
        }
        if (children.isEmpty() && pending.isEmpty()) {
            return false;
        }
        mutations.step((state, records) -> {
            if (!children.isEmpty()) {
                records.accept(new Record.ChildrenDetached(directory.id(), children));
            }
            for (long id : pending) {
                Inode file = state.inode(id);
                if (file != null && state.pending(file.parent(), file.name()) != null) {
                    parts.leases().release(id);
                    records.accept(new Record.FileAbandoned(id));
                }
            }
            return true;
        });
        return true;
    }
}
