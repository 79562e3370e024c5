package io.tarn.master.record;

import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;
import java.util.ArrayList;
import java.util.List;

/** Replay of what concerns mounted stores and calls: MOUNT, OVERLAY, TOMBSTONE, INTENT and CALL. For one record. */
final class StoreReplay {
    private final StateWriter state;
    private final NamespaceView view;
    private final QuotaReplay quotas;
    private final TtlReplay ttls;

    StoreReplay(StateWriter state, QuotaReplay quotas, TtlReplay ttls) {
        this.ttls = ttls;
        this.state = state;
        this.quotas = quotas;
        this.view = new NamespaceView(state);
    }

    void addMount(Record.MountAdded record, InodeReplay inodes) {
        MountEntry mount = record.mount();
        state.put(Table.MOUNT, Keys.id(mount.id()), mount.encode());
        if (view.inode(mount.inodeId()) == null) {
            inodes.create(record.mountPoint(), 0);
        } else {
            inodes.put(record.mountPoint());
        }
        countMountTableChange();
    }

    void removeMount(Record.MountRemoved record, InodeReplay inodes) {
        MountEntry mount = view.mount(record.mountId());
        if (mount == null) {
            throw new IllegalStateException("a record about mount " + record.mountId() + ", which does not exist");
        }
        state.delete(Table.MOUNT, Keys.id(mount.id()));
        Inode mountPoint = inodes.existing(mount.inodeId());
        if (mount.madeDirectory()) {
            inodes.remove(mountPoint, record.timeMillis());
        } else {
            inodes.put(mountPoint.withMount(0));
        }
        for (String path : overlaysBelow(mount.id(), "")) {
            setOverlay(mount.id(), path, Overlay.NONE);
        }
        state.delete(Table.META, Keys.figures(mount.id()));
        quotas.unmount(mount.id());
        countMountTableChange();
    }

    void setOverlay(long mountId, String path, Overlay overlay) {
        byte[] key = Keys.mounted(mountId, path);
        Overlay before = view.overlay(mountId, path);
        if (overlay.isNone()) {
            state.delete(Table.OVERLAY, key);
        } else {
            state.put(Table.OVERLAY, key, overlay.encode());
        }
        count(state, mountId, 0, 0, (overlay.isNone() ? 0 : 1) - (before.isNone() ? 0 : 1), 0);
        ttls.change(
                new DirectoryKey.Mirrored(mountId, path), before.extendedAttributes(), overlay.extendedAttributes());
    }

    void placeTombstone(long mountId, String path, Tombstone tombstone) {
        byte[] key = Keys.mounted(mountId, path);
        if (state.get(Table.TOMBSTONE, key) == null) {
            count(state, mountId, 0, 1, 0, 0);
        }
        state.put(Table.TOMBSTONE, key, tombstone.encode());
    }

    void clearTombstone(long mountId, String path) {
        byte[] key = Keys.mounted(mountId, path);
        if (state.get(Table.TOMBSTONE, key) != null) {
            count(state, mountId, 0, -1, 0, 0);
        }
        state.delete(Table.TOMBSTONE, key);
    }

    /** By copies, the target is hidden until the flip, unless a file there goes on being what readers see. */
    void intendRename(long operationId, StoreRename rename) {
        state.put(Table.INTENT, Keys.id(operationId), rename.encode());
        if (rename.byCopies() && !rename.replaces()) {
            placeTombstone(rename.mountId(), rename.target(), renameTombstone(rename));
        }
    }

    /** By copies: the target shows, the source is hidden until it is deleted. */
    void flipRename(long operationId, InodeReplay inodes) {
        StoreRename rename = existingRename(operationId);
        state.put(Table.INTENT, Keys.id(operationId), rename.asFlipped().encode());
        clearTombstone(rename.mountId(), rename.target());
        placeTombstone(rename.mountId(), rename.source(), renameTombstone(rename));
        moveOverlays(rename);
        moveOwned(rename, inodes);
    }

    void endRename(long operationId, boolean done, InodeReplay inodes) {
        StoreRename rename = existingRename(operationId);
        state.delete(Table.INTENT, Keys.id(operationId));
        forgetCopied(operationId);
        if (rename.byCopies()) {
            clearTombstone(rename.mountId(), rename.flipped() ? rename.source() : rename.target());
        } else if (done) {
            moveOverlays(rename);
            moveOwned(rename, inodes);
        }
    }

    void answerCall(Record.CallAnswered record) {
        state.put(Table.CALL, Keys.call(record.call()), record.answer().toByteArray());
        if (record.forgottenCallNumber() != 0) {
            forgetCall(new CallKey(record.call().clientId(), record.forgottenCallNumber()));
        }
    }

    void forgetCall(CallKey call) {
        state.delete(Table.CALL, Keys.call(call));
    }

    void noteCopied(Record.RenameCopied record) {
        byte[] versions = new FieldWriter().fixed64s(record.versions()).toBytes();
        state.put(Table.COPIED, Keys.copied(record.operationId(), record.number()), versions);
    }

    private void forgetCopied(long operationId) {
        List<byte[]> keys = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.COPIED, Keys.id(operationId), null)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        keys.forEach(key -> state.delete(Table.COPIED, key));
    }

    /** What is owned stands where the store's part of it stands: the top itself, and what hangs below mirrored directories. */
    private void moveOwned(StoreRename rename, InodeReplay inodes) {
        long replaced = view.childId(rename.targetParent(), rename.targetName());
        if (replaced != 0 && replaced != rename.movedInodeId()) {
            inodes.detach(replaced, 0);
        }
        if (rename.movedInodeId() != 0) {
            Inode moved = inodes.existing(rename.movedInodeId());
            inodes.rehang(moved, rename.targetParent(), rename.targetName());
        }
        for (Inode hanging : hangingBelow(rename.mountId(), rename.source())) {
            DirectoryKey.Mirrored parent = (DirectoryKey.Mirrored) hanging.parent();
            String path =
                    rename.target() + parent.path().substring(rename.source().length());
            inodes.rehang(hanging, new DirectoryKey.Mirrored(rename.mountId(), path), hanging.name());
        }
    }

    private List<Inode> hangingBelow(long mountId, String top) {
        List<Inode> found = new ArrayList<>();
        byte[] prefix = Keys.hanging(mountId, top);
        try (StateReader.Cursor cursor = state.scan(Table.EDGE, prefix, null)) {
            while (cursor.next()) {
                if (Keys.hangsAtOrBelow(cursor.key(), prefix)) {
                    Inode inode = view.inode(Keys.idOf(cursor.value()));
                    if (inode != null) {
                        found.add(inode);
                    }
                }
            }
        }
        return found;
    }

    private void moveOverlays(StoreRename rename) {
        quotas.move(rename.mountId(), rename.source(), rename.target());
        setOverlay(rename.mountId(), rename.target(), Overlay.NONE);
        for (String path : overlaysBelow(rename.mountId(), rename.source())) {
            Overlay overlay = view.overlay(rename.mountId(), path);
            setOverlay(rename.mountId(), path, Overlay.NONE);
            String moved = rename.target() + path.substring(rename.source().length());
            setOverlay(rename.mountId(), moved, overlay);
        }
    }

    private List<String> overlaysBelow(long mountId, String top) {
        List<String> paths = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.OVERLAY, Keys.mounted(mountId, top), null)) {
            while (cursor.next()) {
                String path = Keys.mountedPath(cursor.key());
                if (Keys.liesAtOrBelow(path, top)) {
                    paths.add(path);
                }
            }
        }
        return paths;
    }

    private StoreRename existingRename(long operationId) {
        StoreRename rename = view.rename(operationId);
        if (rename == null) {
            throw new IllegalStateException("a record about operation " + operationId + ", which is not under way");
        }
        return rename;
    }

    private static Tombstone renameTombstone(StoreRename rename) {
        return new Tombstone(
                Tombstone.Reason.RENAME, rename.directory(), true, rename.sourceTag(), false, rename.call());
    }

    private void countMountTableChange() {
        state.put(Table.META, Keys.MOUNT_TABLE_VERSION, Keys.id(view.mountTableVersion() + 1));
    }

    static void count(StateWriter state, long mountId, int edges, int tombstones, int overlays, int persists) {
        if (edges == 0 && tombstones == 0 && overlays == 0 && persists == 0) {
            return;
        }
        MountFigures before = new NamespaceView(state).figures(mountId);
        MountFigures after = new MountFigures(
                before.edges() + edges,
                before.tombstones() + tombstones,
                before.overlays() + overlays,
                before.persists() + persists);
        state.put(Table.META, Keys.figures(mountId), after.encode());
    }
}
