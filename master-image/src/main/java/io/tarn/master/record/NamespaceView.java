package io.tarn.master.record;

import io.tarn.master.state.Format;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journaled tables, typed. A thin view of one state; as safe for threads as that state. Damaged state is an {@link IllegalStateException}. */
public class NamespaceView {
    public static final long ALL_COUNTED = Long.MAX_VALUE;

    private final StateReader state;

    public NamespaceView(StateReader state) {
        this.state = state;
    }

    public StateReader state() {
        return state;
    }

    public @Nullable Inode inode(long id) {
        byte[] value = state.get(Table.INODE, Keys.id(id));
        return value == null ? null : DecodedInodes.of(id, value);
    }

    /** The id of an owned child, or 0. */
    public long childId(DirectoryKey directory, String name) {
        byte[] value = state.get(Table.EDGE, directory.childKey(name));
        return value == null ? 0 : Keys.idOf(value);
    }

    public @Nullable Inode child(DirectoryKey directory, String name) {
        long id = childId(directory, name);
        return id == 0 ? null : inode(id);
    }

    /** Whether files are being written in an owned directory. */
    public boolean hasPendingChildren(DirectoryKey directory) {
        try (StateReader.Cursor cursor = state.scan(Table.PENDING, directory.encode(), null)) {
            return cursor.next();
        }
    }

    public boolean hasOwnedChildren(DirectoryKey directory) {
        try (StateReader.Cursor cursor = state.scan(Table.EDGE, directory.encode(), null)) {
            return cursor.next();
        }
    }

    public @Nullable PendingFile pending(DirectoryKey directory, String name) {
        return value(Table.PENDING, directory.childKey(name), PendingFile::read);
    }

    public @Nullable MountEntry mount(long mountId) {
        return value(Table.MOUNT, Keys.id(mountId), MountEntry::read);
    }

    public List<MountEntry> mounts() {
        List<MountEntry> mounts = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.MOUNT, Keys.ALL, null)) {
            while (cursor.next()) {
                mounts.add(decode(cursor.value(), MountEntry::read));
            }
        }
        return mounts;
    }

    public long mountTableVersion() {
        return number(Keys.MOUNT_TABLE_VERSION);
    }

    /** In which a master began to lead last; 0 where none has noted it. */
    public long epoch() {
        return number(Keys.EPOCH);
    }

    /** Of the records that may be written, as of {@link Format}. */
    public int format() {
        return Format.of(state);
    }

    /**
     * Refuses what needs records of a format that some master of the cluster does not read.
     *
     * @param what is asked for, as the beginning of a sentence
     * @throws TarnException UNSUPPORTED while the cluster's format is an older one
     */
    public void requireFormat(int format, String what) throws TarnException {
        if (format() < format) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    what
                            + " cannot be had yet: some master of this cluster runs an older release, which does not know it; \"tarn doctor\" names it,"
                            + " upgrade it and try again");
        }
    }

    /** The first id that is not reserved. */
    public long nextId() {
        return number(Keys.NEXT_ID);
    }

    /** Inodes up to this id count in {@link #usage}; 0: none does, {@link #ALL_COUNTED}: each does. */
    public long countedThrough() {
        return number(Keys.COUNTED_THROUGH);
    }

    /** How many entries of directories are symbolic links. */
    public long linkCount() {
        return number(Keys.LINKS);
    }

    /** What counts below a directory by what hangs there. */
    public Usage usage(DirectoryKey directory) {
        Usage usage = value(Table.USAGE, directory.encode(), Usage::read);
        return usage == null ? Usage.NONE : usage;
    }

    /** Null where a directory has none. */
    public @Nullable Quota quota(DirectoryKey directory) {
        return value(Table.QUOTA, directory.encode(), Quota::read);
    }

    /** Directories of a store that have a quota. */
    public List<DirectoryKey.Mirrored> limitedAtOrBelow(long mountId, String top) {
        List<DirectoryKey.Mirrored> found = new ArrayList<>();
        byte[] prefix = Keys.hanging(mountId, top);
        try (StateReader.Cursor cursor = state.scan(Table.QUOTA, prefix, null)) {
            while (cursor.next()) {
                if (Keys.hangsAtOrBelow(cursor.key(), prefix)
                        && DirectoryKey.decode(cursor.key()) instanceof DirectoryKey.Mirrored directory) {
                    found.add(directory);
                }
            }
        }
        return found;
    }

    public MountFigures figures(long mountId) {
        MountFigures figures = value(Table.META, Keys.figures(mountId), MountFigures::read);
        return figures == null ? MountFigures.NONE : figures;
    }

    public Overlay overlay(long mountId, String path) {
        Overlay overlay = value(Table.OVERLAY, Keys.mounted(mountId, path), Overlay::read);
        return overlay == null ? Overlay.NONE : overlay;
    }

    public @Nullable Tombstone tombstone(long mountId, String path) {
        return value(Table.TOMBSTONE, Keys.mounted(mountId, path), Tombstone::read);
    }

    public @Nullable StoreRename rename(long operationId) {
        return value(Table.INTENT, Keys.id(operationId), StoreRename::read);
    }

    /** The persist that may have happened at a place, or null. */
    public @Nullable PersistIntent persistIntent(long mountId, String path) {
        return value(Table.PERSISTING, Keys.mounted(mountId, path), PersistIntent::read);
    }

    public @Nullable Unpersisted unpersisted(long inodeId) {
        return value(Table.UNPERSISTED, Keys.id(inodeId), Unpersisted::read);
    }

    /** Who this cluster is; null before its first record. */
    public @Nullable Cluster cluster() {
        return value(Table.META, Keys.CLUSTER, Cluster::read);
    }

    /** Null where it does not belong to the cluster, or was away for too long. */
    public @Nullable KnownWorker worker(long workerId) {
        return value(Table.META, Keys.worker(workerId), KnownWorker::read);
    }

    /** Ids of the workers that belong to the cluster. */
    public Set<Long> workerIds() {
        Set<Long> ids = new LinkedHashSet<>();
        try (StateReader.Cursor cursor = state.scan(Table.META, Keys.workers(), null)) {
            while (cursor.next()) {
                ids.add(Keys.workerOf(cursor.key()));
            }
        }
        return ids;
    }

    public boolean isDetached(long inodeId) {
        return state.get(Table.DETACHED, Keys.id(inodeId)) != null;
    }

    /** The remembered answer to a call, or null. */
    public byte @Nullable [] answer(CallKey call) {
        return state.get(Table.CALL, Keys.call(call));
    }

    /** Decodes a value that this release wrote or has checked when it replayed it. */
    public static <T> T decode(byte[] bytes, Decoder<T> decoder) {
        try {
            return decoder.decode(new FieldReader(bytes));
        } catch (TarnException e) {
            throw new IllegalStateException("damaged state: " + e.getMessage(), e);
        }
    }

    /** For who looks at all of them, once. */
    public static Inode inodeOf(byte[] value) {
        return decode(value, Inode::read);
    }

    public static PendingFile pendingOf(byte[] value) {
        return decode(value, PendingFile::read);
    }

    public static Tombstone tombstoneOf(byte[] value) {
        return decode(value, Tombstone::read);
    }

    public static Unpersisted unpersistedOf(byte[] value) {
        return decode(value, Unpersisted::read);
    }

    public static Quota quotaOf(byte[] value) {
        return decode(value, Quota::read);
    }

    /** The versions in a row of COPIED. */
    public static List<Long> copiedOf(byte[] value) {
        return decode(value, FieldReader::fixed64s);
    }

    public static StoreRename renameOf(byte[] value) {
        return decode(value, StoreRename::read);
    }

    private long number(byte[] key) {
        byte[] value = state.get(Table.META, key);
        return value == null ? 0 : Keys.idOf(value);
    }

    private <T> @Nullable T value(Table table, byte[] key, Decoder<T> decoder) {
        byte[] value = state.get(table, key);
        return value == null ? null : decode(value, decoder);
    }

    /** Reads one value. */
    public interface Decoder<T> {
        T decode(FieldReader in) throws TarnException;
    }

    /** The cluster's name, and the secret under which it signs tickets. */
    public record Cluster(String id, byte[] ticketKey) {
        byte[] encode() {
            return new FieldWriter().text(id).bytes(ticketKey).toBytes();
        }

        static Cluster read(FieldReader in) throws TarnException {
            return new Cluster(in.text(), in.bytes());
        }
    }
}
