package io.tarn.master.record;

import io.tarn.master.record.Record.*;
import io.tarn.master.state.Format;
import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;

/** What each record does to the state. Stateless and deterministic: the same records make the same state, whoever replays them. */
final class Replay {
    private Replay() {}

    static void replay(Record record, StateWriter state) {
        QuotaReplay quotas = new QuotaReplay(state);
        TtlReplay ttls = new TtlReplay(state);
        InodeReplay inodes = new InodeReplay(state, quotas, ttls);
        StoreReplay stores = new StoreReplay(state, quotas, ttls);
        PersistReplay persists = new PersistReplay(state, inodes, quotas);
        switch (record) {
            case ClusterCreated r -> inodes.createCluster(r);
            case EpochBegan r -> inodes.beginEpoch(r);
            case FormatRaised r -> Format.raise(state, r.format());
            case IdsReserved r -> inodes.reserveIds(r.endExclusive());
            case DirectoryCreated r -> inodes.create(r.inode(), r.persistMillis());
            case FileStarted r -> inodes.startFile(r);
            case FileSealed r -> inodes.sealFile(r);
            case FilePersisted r -> {
                Inode inode = inodes.endPending(r.inodeId(), false);
                if (inode.parent() instanceof DirectoryKey.Mirrored parent) {
                    stores.setOverlay(parent.mountId(), parent.childPath(inode.name()), r.overlay());
                }
                if (r.replacedInodeId() != 0) {
                    inodes.detach(r.replacedInodeId(), r.timeMillis());
                }
            }
            case HoldersChanged r -> inodes.changeHolders(r);
            case WorkerJoined r -> WorkerReplay.join(state, r);
            case WorkerLeaving r -> WorkerReplay.setLeaving(state, r);
            case WorkerLeft r -> state.delete(Table.META, Keys.worker(r.workerId()));
            case FileAbandoned r -> inodes.endPending(r.inodeId(), true);
            case InodeChanged r -> inodes.change(r.inode());
            case OverlayChanged r -> stores.setOverlay(r.mountId(), r.path(), r.overlay());
            case OverlaysRemoved r -> r.paths().forEach(path -> stores.setOverlay(r.mountId(), path, Overlay.NONE));
            case EntryMoved r -> inodes.move(r);
            case PendingMoved r -> inodes.movePending(r);
            case EntryDetached r -> inodes.detach(r.inodeId(), r.timeMillis());
            case ChildrenDetached r -> inodes.detachChildren(r);
            case InodesReclaimed r -> inodes.reclaim(r.inodeIds());
            case MountAdded r -> stores.addMount(r, inodes);
            case MountRemoved r -> stores.removeMount(r, inodes);
            case TombstonePlaced r -> stores.placeTombstone(r.mountId(), r.path(), r.tombstone());
            case TombstoneCleared r -> stores.clearTombstone(r.mountId(), r.path());
            case RenameIntended r -> stores.intendRename(r.operationId(), r.rename());
            case RenameFlipped r -> stores.flipRename(r.operationId(), inodes);
            case RenameEnded r -> stores.endRename(r.operationId(), r.done(), inodes);
            case RenameCopied r -> stores.noteCopied(r);
            case PersistAsked r -> persists.ask(r);
            case PersistIntended r -> persists.intend(r);
            case PersistDropped r -> persists.drop(r.mountId(), r.path());
            case PersistEnded r -> persists.end(r, stores);
            case DirectoryPersisted r -> persists.persistDirectory(r);
            case DirectorySettled r -> persists.settleDirectory(r, stores);
            case QuotaChanged r -> quotas.set(r.directory(), r.quota());
            case UsageCounted r -> quotas.countThrough(r.throughInodeId());
            case LinkCreated r -> inodes.create(r.inode(), 0);
            case UsageDropped r -> quotas.stopCounting();
            case CallAnswered r -> stores.answerCall(r);
            case CallsForgotten r ->
                r.callNumbers().forEach(number -> stores.forgetCall(new CallKey(r.clientId(), number)));
        }
    }
}
