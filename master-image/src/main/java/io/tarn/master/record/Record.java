package io.tarn.master.record;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * One change of the namespace, as the journal holds it. All that is not determined by the state before (ids, times, keys) is in the record, so that
 * replay is deterministic.
 *
 * <p>Each type belongs to a {@link io.tarn.master.state.Format}, and is written only once the cluster has reached that.
 *
 * <p>On the medium: one byte of type, one of encoding, then the fields in the order given here. Numbers of types are never reused.
 *
 * <table>
 * <caption>Version history</caption>
 * <tr><th>release</th><th>change</th></tr>
 * <tr><td>0.1</td><td>types 1 to 31, all in encoding 1</td></tr>
 * <tr><td>0.2</td><td>types 32 to 40; of type 4, the pending file in encoding 2; format 2: types from 41 on</td></tr>
 * </table>
 */
public sealed interface Record {
    /** The first record: who this cluster is. */
    record ClusterCreated(String clusterId, ByteString ticketKey, Inode root) implements Record {}

    /**
     * A master leads from here on. Only where several share the journal: that of a master which is alone has none.
     *
     * @param epoch larger than that of every batch before
     * @param master its address, for whoever wants to know
     */
    record EpochBegan(long epoch, String master, long timeMillis) implements Record {}

    /** Every master reads this format, so that from here on, this record included, it may be written. */
    record FormatRaised(int format) implements Record {}

    /** Ids below the end will never be given again. */
    record IdsReserved(long endExclusive) implements Record {}

    /** @param persistMillis when it is due to be made in its store; 0 = only when asked, or when something below it is */
    record DirectoryCreated(Inode inode, long persistMillis) implements Record {}

    /** A client begins to write; the file is not in its directory yet. */
    record FileStarted(Inode inode, PendingFile pending) implements Record {}

    /**
     * A file that only the cache holds is complete, and replaces what had its name.
     *
     * @param storeTag what the store holds under its name, as of {@link Inode#storeTag}
     * @param persistMillis when it is due to be persisted; 0 = only when asked
     */
    record FileSealed(
            long inodeId,
            long lengthBytes,
            long modifiedMillis,
            List<Long> holders,
            String storeTag,
            long persistMillis)
            implements Record {}

    /**
     * A file that was written through is complete: the store is the truth about it from now on.
     *
     * @param replacedInodeId the owned file that had its name; 0 = none
     */
    record FilePersisted(long inodeId, Overlay overlay, long replacedInodeId, long timeMillis) implements Record {}

    /** Other workers than before hold the only copies of a complete file. */
    record HoldersChanged(long inodeId, List<Long> holders) implements Record {}

    /**
     * A worker has come that was not known.
     *
     * @param place its host and port, for whoever wants to know
     */
    record WorkerJoined(long workerId, String place, long timeMillis) implements Record {}

    /** A worker is to be let go, or stays after all. */
    record WorkerLeaving(long workerId, boolean leaving) implements Record {}

    /** A worker has been away for so long that nobody waits for it. */
    record WorkerLeft(long workerId) implements Record {}

    /** The writer has gone or given up. */
    record FileAbandoned(long inodeId) implements Record {}

    /** New attributes of an owned inode, or more about what the store holds under its name. */
    record InodeChanged(Inode inode) implements Record {}

    /** New attributes of a mirrored path; none removes the overlay. */
    record OverlayChanged(long mountId, String path, Overlay overlay) implements Record {}

    record OverlaysRemoved(long mountId, List<String> paths) implements Record {}

    /**
     * A rename of owned data, of whatever size; a file at the target is replaced.
     *
     * @param inStore of a directory, where it stands now
     * @param storeTag of a file, where it stands now
     */
    record EntryMoved(long inodeId, DirectoryKey parent, String name, long timeMillis, boolean inStore, String storeTag)
            implements Record {}

    /** A rename of a file that is being written. */
    record PendingMoved(long inodeId, DirectoryKey parent, String name) implements Record {}

    /** An owned file or tree is deleted; reclaimed later. */
    record EntryDetached(long inodeId, long timeMillis) implements Record {}

    /** Children of a detached directory become detached themselves. */
    record ChildrenDetached(long directoryId, List<Long> inodeIds) implements Record {}

    /** Nothing is left of these. */
    record InodesReclaimed(List<Long> inodeIds) implements Record {}

    /** A store is mounted; the mount point is created or changed with it. */
    record MountAdded(MountEntry mount, Inode mountPoint) implements Record {}

    record MountRemoved(long mountId, long timeMillis) implements Record {}

    record TombstonePlaced(long mountId, String path, Tombstone tombstone) implements Record {}

    record TombstoneCleared(long mountId, String path) implements Record {}

    record RenameIntended(long operationId, StoreRename rename) implements Record {}

    /** From here on readers see the target. */
    record RenameFlipped(long operationId) implements Record {}

    /** @param done false: nothing has happened, all is as before */
    record RenameEnded(long operationId, boolean done) implements Record {}

    /** Some of the versions that a rename by copies has copied, as {@code CopiedVersions} hashes them. */
    record RenameCopied(long operationId, long number, List<Long> versions) implements Record {}

    /** These are to be persisted now. */
    record PersistAsked(List<Long> inodeIds, long timeMillis) implements Record {}

    /** From here on a worker may make this file visible in the store. */
    record PersistIntended(long inodeId, long mountId, String path, String storeTag) implements Record {}

    /** It certainly has not. */
    record PersistDropped(long mountId, String path) implements Record {}

    /**
     * It has: the store is the truth about this file from now on.
     *
     * @param workerId whose pages serve it on
     */
    record PersistEnded(long mountId, String path, Overlay overlay, long workerId) implements Record {}

    /** The store has this directory. */
    record DirectoryPersisted(long inodeId, long timeMillis) implements Record {}

    /** Nothing that is owned is left of this directory. */
    record DirectorySettled(long inodeId, long mountId, String path, Overlay overlay) implements Record {}

    /** A symbolic link is made. */
    record LinkCreated(Inode inode) implements Record {}

    /** How much may count below a directory. */
    record QuotaChanged(DirectoryKey directory, Quota quota) implements Record {}

    /** Inodes up to this id, from where the last such record ended, count from now on in the usage of the directories above them. */
    record UsageCounted(long throughInodeId) implements Record {}

    /** No quota is left: nothing counts, and some of the sums go. */
    record UsageDropped() implements Record {}

    /**
     * The answer to a call, for its repetition.
     *
     * @param forgottenCallNumber an older call of this client that falls out of the window; 0 = none
     */
    record CallAnswered(CallKey call, ByteString answer, long forgottenCallNumber) implements Record {}

    /** The client has not been heard of for long. */
    record CallsForgotten(long clientId, List<Long> callNumbers) implements Record {}
}
