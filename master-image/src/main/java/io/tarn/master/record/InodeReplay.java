package io.tarn.master.record;

import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;
import java.util.List;

/** Replay of changes of owned inodes: INODE, EDGE, PENDING, UNPERSISTED and DETACHED. For one record. */
final class InodeReplay {
    private static final byte[] NOTHING = {};

    private final StateWriter state;
    private final NamespaceView view;
    private final QuotaReplay quotas;
    private final TtlReplay ttls;

    InodeReplay(StateWriter state, QuotaReplay quotas, TtlReplay ttls) {
        this.ttls = ttls;
        this.state = state;
        this.quotas = quotas;
        this.view = new NamespaceView(state);
    }

    void createCluster(Record.ClusterCreated record) {
        NamespaceView.Cluster cluster =
                new NamespaceView.Cluster(record.clusterId(), record.ticketKey().toByteArray());
        state.put(Table.META, Keys.CLUSTER, cluster.encode());
        put(record.root());
        reserveIds(record.root().id() + 1);
    }

    void beginEpoch(Record.EpochBegan record) {
        long before = view.epoch();
        if (record.epoch() <= before) {
            throw new IllegalStateException("epoch " + record.epoch() + " after epoch " + before);
        }
        state.put(Table.META, Keys.EPOCH, Keys.id(record.epoch()));
    }

    void reserveIds(long endExclusive) {
        state.put(Table.META, Keys.NEXT_ID, Keys.id(endExclusive));
    }

    void put(Inode inode) {
        state.put(Table.INODE, Keys.id(inode.id()), inode.encode());
    }

    /** New attributes. */
    void change(Inode inode) {
        Inode before = existing(inode.id());
        ttls.change(new DirectoryKey.Owned(inode.id()), before.extendedAttributes(), inode.extendedAttributes());
        put(inode);
    }

    /** Something that is complete at once. */
    void create(Inode inode, long persistMillis) {
        put(inode);
        awaitPersist(inode.id(), persistMillis, inode.createdMillis());
        attach(inode);
        touch(inode.parent(), inode.createdMillis());
    }

    void startFile(Record.FileStarted record) {
        Inode inode = record.inode();
        put(inode);
        state.put(
                Table.PENDING,
                inode.parent().childKey(inode.name()),
                record.pending().encode());
    }

    void sealFile(Record.FileSealed record) {
        Inode pending = existing(record.inodeId());
        Inode sealed =
                pending.sealed(record.lengthBytes(), record.modifiedMillis(), record.holders(), record.storeTag());
        state.delete(Table.PENDING, pending.parent().childKey(pending.name()));
        replaceAt(sealed.parent(), sealed.name(), sealed.id());
        put(sealed);
        attach(sealed);
        awaitPersist(sealed.id(), record.persistMillis(), record.modifiedMillis());
        touch(sealed.parent(), record.modifiedMillis());
    }

    void changeHolders(Record.HoldersChanged record) {
        put(existing(record.inodeId()).heldBy(record.holders()));
    }

    /** The pending file is no more: its inode goes, at once or, where workers may hold pages of it, by reclaim. */
    Inode endPending(long inodeId, boolean reclaim) {
        Inode pending = existing(inodeId);
        state.delete(Table.PENDING, pending.parent().childKey(pending.name()));
        if (reclaim) {
            state.put(Table.DETACHED, Keys.id(inodeId), NOTHING);
        } else {
            state.delete(Table.INODE, Keys.id(inodeId));
        }
        return pending;
    }

    void move(Record.EntryMoved record) {
        Inode inode = existing(record.inodeId());
        replaceAt(record.parent(), record.name(), inode.id());
        unlink(inode);
        Inode moved = inode.movedTo(record.parent(), record.name()).withStore(record.inStore(), record.storeTag());
        put(moved);
        attach(moved);
        touch(inode.parent(), record.timeMillis());
        touch(moved.parent(), record.timeMillis());
    }

    void movePending(Record.PendingMoved record) {
        Inode inode = existing(record.inodeId());
        byte[] source = inode.parent().childKey(inode.name());
        byte[] pending = state.get(Table.PENDING, source);
        if (pending == null) {
            throw new IllegalStateException("inode " + inode.id() + " is not pending");
        }
        state.delete(Table.PENDING, source);
        state.put(Table.PENDING, record.parent().childKey(record.name()), pending);
        put(inode.movedTo(record.parent(), record.name()).withStore(false, ""));
    }

    void detach(long inodeId, long timeMillis) {
        Inode inode = existing(inodeId);
        unlink(inode);
        putDetached(inode);
        touch(inode.parent(), timeMillis);
    }

    /** What was in a detached directory has ceased to count with it. */
    void detachChildren(Record.ChildrenDetached record) {
        for (long inodeId : record.inodeIds()) {
            Inode inode = existing(inodeId);
            unlink(inode);
            putDetached(inode);
        }
    }

    void reclaim(Iterable<Long> inodeIds) {
        for (long inodeId : inodeIds) {
            state.delete(Table.DETACHED, Keys.id(inodeId));
            state.delete(Table.INODE, Keys.id(inodeId));
            quotas.forget(inodeId);
        }
    }

    /** Removes an inode that nothing hangs below and no worker holds anything of. */
    void remove(Inode inode, long timeMillis) {
        unlink(inode);
        state.delete(Table.UNPERSISTED, Keys.id(inode.id()));
        state.delete(Table.INODE, Keys.id(inode.id()));
        quotas.forget(inode.id());
        ttls.remove(inode);
        touch(inode.parent(), timeMillis);
    }

    Inode existing(long inodeId) {
        Inode inode = view.inode(inodeId);
        if (inode == null) {
            throw new IllegalStateException("a record about inode " + inodeId + ", which does not exist");
        }
        return inode;
    }

    /** Hangs an entry elsewhere, as it is. */
    void rehang(Inode inode, DirectoryKey parent, String name) {
        replaceAt(parent, name, inode.id());
        unlink(inode);
        Inode moved = inode.movedTo(parent, name);
        put(moved);
        attach(moved);
    }

    /** The store has taken over: what is left are the pages of other workers. */
    void handOver(Inode inode, long workerId) {
        List<Long> others =
                inode.holders().stream().filter(holder -> holder != workerId).toList();
        if (view.childId(inode.parent(), inode.name()) == inode.id()) {
            unlink(inode);
        }
        state.delete(Table.UNPERSISTED, Keys.id(inode.id()));
        if (others.isEmpty()) {
            state.delete(Table.INODE, Keys.id(inode.id()));
            ttls.remove(inode);
        } else {
            put(inode.heldBy(others));
            putDetached(inode);
        }
    }

    void awaitPersist(long inodeId, long dueMillis, long sinceMillis) {
        if (dueMillis != 0) {
            state.put(Table.UNPERSISTED, Keys.id(inodeId), new Unpersisted(dueMillis, sinceMillis).encode());
        }
    }

    private void putDetached(Inode inode) {
        state.put(Table.DETACHED, Keys.id(inode.id()), NOTHING);
        state.delete(Table.UNPERSISTED, Keys.id(inode.id()));
        ttls.remove(inode);
    }

    private void attach(Inode inode) {
        byte[] key = inode.parent().childKey(inode.name());
        if (state.get(Table.EDGE, key) == null) {
            countEdge(inode.parent(), 1);
        }
        state.put(Table.EDGE, key, Keys.id(inode.id()));
        quotas.add(inode);
        ttls.add(inode);
        countLink(inode, 1);
    }

    private void unlink(Inode inode) {
        byte[] key = inode.parent().childKey(inode.name());
        if (state.get(Table.EDGE, key) != null) {
            countEdge(inode.parent(), -1);
        }
        state.delete(Table.EDGE, key);
        quotas.remove(inode);
        countLink(inode, -1);
    }

    private void countLink(Inode inode, int change) {
        if (inode.isLink()) {
            state.put(Table.META, Keys.LINKS, Keys.id(view.linkCount() + change));
        }
    }

    private void countEdge(DirectoryKey parent, int change) {
        if (parent instanceof DirectoryKey.Mirrored mirrored) {
            StoreReplay.count(state, mirrored.mountId(), change, 0, 0, 0);
        }
    }

    private void replaceAt(DirectoryKey parent, String name, long newInodeId) {
        long replaced = view.childId(parent, name);
        if (replaced != 0 && replaced != newInodeId) {
            Inode inode = existing(replaced);
            quotas.remove(inode);
            countLink(inode, -1);
            putDetached(inode);
        }
    }

    private void touch(DirectoryKey parent, long timeMillis) {
        if (parent instanceof DirectoryKey.Owned owned) {
            Inode directory = view.inode(owned.inodeId());
            if (directory != null && directory.modifiedMillis() < timeMillis) {
                put(directory.modifiedAt(timeMillis));
            }
        }
    }
}
