package io.tarn.master.record;

import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;

/** Replay of how owned inodes get into their stores: UNPERSISTED and PERSISTING. For one record. */
final class PersistReplay {
    private final StateWriter state;
    private final NamespaceView view;
    private final InodeReplay inodes;
    private final QuotaReplay quotas;

    PersistReplay(StateWriter state, InodeReplay inodes, QuotaReplay quotas) {
        this.state = state;
        this.quotas = quotas;
        this.view = new NamespaceView(state);
        this.inodes = inodes;
    }

    void ask(Record.PersistAsked record) {
        for (long inodeId : record.inodeIds()) {
            Unpersisted known = view.unpersisted(inodeId);
            long since = known == null ? record.timeMillis() : known.sinceMillis();
            inodes.awaitPersist(inodeId, record.timeMillis(), since);
        }
    }

    void intend(Record.PersistIntended record) {
        byte[] key = Keys.mounted(record.mountId(), record.path());
        if (state.get(Table.PERSISTING, key) == null) {
            StoreReplay.count(state, record.mountId(), 0, 0, 0, 1);
        }
        state.put(Table.PERSISTING, key, new PersistIntent(record.inodeId(), record.storeTag()).encode());
    }

    void drop(long mountId, String path) {
        byte[] key = Keys.mounted(mountId, path);
        if (state.get(Table.PERSISTING, key) != null) {
            StoreReplay.count(state, mountId, 0, 0, 0, -1);
        }
        state.delete(Table.PERSISTING, key);
    }

    void end(Record.PersistEnded record, StoreReplay stores) {
        PersistIntent intent = view.persistIntent(record.mountId(), record.path());
        if (intent == null) {
            throw new IllegalStateException("the end of a persist of " + record.path() + ", which never began");
        }
        drop(record.mountId(), record.path());
        inodes.handOver(inodes.existing(intent.inodeId()), record.workerId());
        stores.setOverlay(record.mountId(), record.path(), record.overlay());
    }

    /** It goes on waiting: until it can settle. */
    void persistDirectory(Record.DirectoryPersisted record) {
        Inode directory = inodes.existing(record.inodeId());
        inodes.put(directory.withStore(true, ""));
        if (view.unpersisted(record.inodeId()) == null) {
            inodes.awaitPersist(record.inodeId(), record.timeMillis(), record.timeMillis());
        }
    }

    void settleDirectory(Record.DirectorySettled record, StoreReplay stores) {
        inodes.handOver(inodes.existing(record.inodeId()), 0);
        stores.setOverlay(record.mountId(), record.path(), record.overlay());
        quotas.settle(record.inodeId(), new DirectoryKey.Mirrored(record.mountId(), record.path()));
    }
}
