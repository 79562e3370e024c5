package io.tarn.master.record;

import io.tarn.master.leader.RecordType;
import io.tarn.master.record.Record.*;
import io.tarn.master.state.Format;
import io.tarn.master.state.StateWriter;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** The encoding of {@link Record}, described there. Immutable. */
public final class RecordCodec implements RecordType<Record> {
    private static final int ENCODING = 1;
    /** The first type of each {@link Format}, from the first format on: a new type gets the next number, and with it the newest format. */
    private static final int[] FIRST_TYPES = {1, 41};

    private final int reads;

    /** Of all records that this release knows. */
    public RecordCodec() {
        this(Format.NEWEST);
    }

    /** @param reads the newest format that it reads; a smaller one than the newest: as a release before this one */
    public RecordCodec(int reads) {
        this.reads = reads;
    }

    /** The newest format that it reads. */
    public int reads() {
        return reads;
    }

    @Override
    public int formatOf(Record record) {
        return record instanceof FormatRaised raised ? raised.format() : formatOf(typeOf(record));
    }

    private static int formatOf(int type) {
        int format = Format.FIRST;
        while (format < FIRST_TYPES.length && type >= FIRST_TYPES[format]) {
            format++;
        }
        return format;
    }

    @Override
    public byte[] encode(Record record) {
        FieldWriter out = new FieldWriter();
        out.u8(typeOf(record)).u8(ENCODING);
        write(record, out);
        return out.toBytes();
    }

    private static void write(Record record, FieldWriter out) {
        switch (record) {
            case ClusterCreated r -> {
                out.text(r.clusterId()).bytes(r.ticketKey());
                r.root().write(out);
            }
            case EpochBegan r -> out.fixed64(r.epoch()).text(r.master()).varint(r.timeMillis());
            case FormatRaised r -> out.varint(r.format());
            case IdsReserved r -> out.varint(r.endExclusive());
            case DirectoryCreated r -> {
                r.inode().write(out);
                out.varint(r.persistMillis());
            }
            case FileStarted r -> writeStarted(r, out);
            case FileSealed r -> writeSealed(r, out);
            case FilePersisted r -> {
                r.overlay().write(out.varint(r.inodeId()));
                out.varint(r.replacedInodeId()).varint(r.timeMillis());
            }
            case HoldersChanged r -> out.varint(r.inodeId()).varints(r.holders());
            case WorkerJoined r -> out.fixed64(r.workerId()).text(r.place()).varint(r.timeMillis());
            case WorkerLeft r -> out.fixed64(r.workerId());
            case WorkerLeaving r -> out.fixed64(r.workerId()).flag(r.leaving());
            case FileAbandoned r -> out.varint(r.inodeId());
            case InodeChanged r -> r.inode().write(out);
            case OverlayChanged r -> r.overlay().write(out.varint(r.mountId()).text(r.path()));
            case OverlaysRemoved r -> out.varint(r.mountId()).texts(r.paths());
            case EntryMoved r -> writeMoved(r, out);
            case PendingMoved r -> {
                r.parent().write(out.varint(r.inodeId()));
                out.text(r.name());
            }
            case EntryDetached r -> out.varint(r.inodeId()).varint(r.timeMillis());
            case ChildrenDetached r -> out.varint(r.directoryId()).varints(r.inodeIds());
            case InodesReclaimed r -> out.varints(r.inodeIds());
            case MountAdded r -> {
                r.mount().write(out);
                r.mountPoint().write(out);
            }
            case MountRemoved r -> out.varint(r.mountId()).varint(r.timeMillis());
            case TombstonePlaced r ->
                r.tombstone().write(out.varint(r.mountId()).text(r.path()));
            case TombstoneCleared r -> out.varint(r.mountId()).text(r.path());
            case RenameIntended r -> r.rename().write(out.varint(r.operationId()));
            case RenameFlipped r -> out.varint(r.operationId());
            case RenameEnded r -> out.varint(r.operationId()).flag(r.done());
            case CallAnswered r -> {
                r.call().write(out);
                out.bytes(r.answer()).varint(r.forgottenCallNumber());
            }
            case RenameCopied r ->
                out.varint(r.operationId()).varint(r.number()).fixed64s(r.versions());
            case PersistAsked r -> out.varints(r.inodeIds()).varint(r.timeMillis());
            case PersistIntended r ->
                out.varint(r.inodeId()).varint(r.mountId()).text(r.path()).text(r.storeTag());
            case PersistDropped r -> out.varint(r.mountId()).text(r.path());
            case PersistEnded r -> {
                r.overlay().write(out.varint(r.mountId()).text(r.path()));
                out.fixed64(r.workerId());
            }
            case DirectoryPersisted r -> out.varint(r.inodeId()).varint(r.timeMillis());
            case DirectorySettled r ->
                r.overlay().write(out.varint(r.inodeId()).varint(r.mountId()).text(r.path()));
            case CallsForgotten r -> out.fixed64(r.clientId()).varints(r.callNumbers());
            case QuotaChanged r -> writeQuota(r, out);
            case UsageCounted r -> out.varint(r.throughInodeId());
            case UsageDropped r -> {}
            case LinkCreated r -> r.inode().write(out);
        }
    }

    private static void writeStarted(FileStarted record, FieldWriter out) {
        record.inode().write(out);
        record.pending().write(out);
    }

    private static void writeMoved(EntryMoved record, FieldWriter out) {
        record.parent().write(out.varint(record.inodeId()));
        out.text(record.name()).varint(record.timeMillis());
        out.flag(record.inStore()).text(record.storeTag());
    }

    private static void writeQuota(QuotaChanged record, FieldWriter out) {
        record.directory().write(out);
        record.quota().write(out);
    }

    private static void writeSealed(FileSealed record, FieldWriter out) {
        out.varint(record.inodeId()).varint(record.lengthBytes()).varint(record.modifiedMillis());
        out.varints(record.holders()).text(record.storeTag()).varint(record.persistMillis());
    }

    @Override
    public Record decode(ByteBuffer bytes) throws TarnException {
        FieldReader in = FieldReader.of(bytes);
        int type = in.u8();
        if (formatOf(type) > reads) {
            throw unknown(type);
        }
        in.version(ENCODING, "a record of type " + type);
        Record record = switch (type) {
            case 1 -> new ClusterCreated(in.text(), in.byteString(), Inode.read(in));
            case 2 -> new IdsReserved(in.varint());
            case 3 -> new DirectoryCreated(Inode.read(in), in.varint());
            case 4 -> new FileStarted(Inode.read(in), PendingFile.read(in));
            case 5 -> new FileSealed(in.varint(), in.varint(), in.varint(), in.varints(), in.text(), in.varint());
            case 6 -> new FilePersisted(in.varint(), Overlay.read(in), in.varint(), in.varint());
            case 7 -> new FileAbandoned(in.varint());
            case 8 -> new InodeChanged(Inode.read(in));
            case 9 -> new OverlayChanged(in.varint(), in.text(), Overlay.read(in));
            case 10 -> new OverlaysRemoved(in.varint(), in.texts());
            case 11 -> new EntryMoved(in.varint(), DirectoryKey.read(in), in.text(), in.varint(), in.flag(), in.text());
            case 12 -> new PendingMoved(in.varint(), DirectoryKey.read(in), in.text());
            case 13 -> new EntryDetached(in.varint(), in.varint());
            case 14 -> new ChildrenDetached(in.varint(), in.varints());
            case 15 -> new InodesReclaimed(in.varints());
            case 16 -> new MountAdded(MountEntry.read(in), Inode.read(in));
            case 17 -> new MountRemoved(in.varint(), in.varint());
            case 18 -> new TombstonePlaced(in.varint(), in.text(), Tombstone.read(in));
            case 19 -> new TombstoneCleared(in.varint(), in.text());
            case 20 -> new RenameIntended(in.varint(), StoreRename.read(in));
            case 21 -> new RenameFlipped(in.varint());
            case 22 -> new RenameEnded(in.varint(), in.flag());
            case 23 -> new CallAnswered(CallKey.read(in), in.byteString(), in.varint());
            case 24 -> new CallsForgotten(in.fixed64(), in.varints());
            case 25 -> new RenameCopied(in.varint(), in.varint(), in.fixed64s());
            case 26 -> new PersistAsked(in.varints(), in.varint());
            case 27 -> new PersistIntended(in.varint(), in.varint(), in.text(), in.text());
            case 28 -> new PersistDropped(in.varint(), in.text());
            case 29 -> new PersistEnded(in.varint(), in.text(), Overlay.read(in), in.fixed64());
            case 30 -> new DirectoryPersisted(in.varint(), in.varint());
            case 31 -> new DirectorySettled(in.varint(), in.varint(), in.text(), Overlay.read(in));
            case 32 -> new QuotaChanged(DirectoryKey.read(in), Quota.read(in));
            case 33 -> new UsageCounted(in.varint());
            case 34 -> new UsageDropped();
            case 35 -> new LinkCreated(Inode.read(in));
            case 36 -> new HoldersChanged(in.varint(), in.varints());
            case 37 -> new EpochBegan(in.fixed64(), in.text(), in.varint());
            case 38 -> new WorkerJoined(in.fixed64(), in.text(), in.varint());
            case 39 -> new WorkerLeft(in.fixed64());
            case 40 -> new WorkerLeaving(in.fixed64(), in.flag());
            case 41 -> formatRaised(in.varint());
            default -> throw unknown(type);
        };
        in.end("a record of type " + type);
        return record;
    }

    private FormatRaised formatRaised(long format) throws TarnException {
        if (format > reads) {
            throw Format.tooNew("the cluster has gone over to format " + format + " of records");
        }
        return new FormatRaised((int) format);
    }

    private static TarnException unknown(int type) {
        return Format.tooNew("the journal holds a record of type " + type);
    }

    @Override
    public void replay(Record record, StateWriter state) {
        Replay.replay(record, state);
    }

    private static int typeOf(Record record) {
        return switch (record) {
            case ClusterCreated r -> 1;
            case IdsReserved r -> 2;
            case DirectoryCreated r -> 3;
            case FileStarted r -> 4;
            case FileSealed r -> 5;
            case FilePersisted r -> 6;
            case FileAbandoned r -> 7;
            case InodeChanged r -> 8;
            case OverlayChanged r -> 9;
            case OverlaysRemoved r -> 10;
            case EntryMoved r -> 11;
            case PendingMoved r -> 12;
            case EntryDetached r -> 13;
            case ChildrenDetached r -> 14;
            case InodesReclaimed r -> 15;
            case MountAdded r -> 16;
            case MountRemoved r -> 17;
            case TombstonePlaced r -> 18;
            case TombstoneCleared r -> 19;
            case RenameIntended r -> 20;
            case RenameFlipped r -> 21;
            case RenameEnded r -> 22;
            case CallAnswered r -> 23;
            case CallsForgotten r -> 24;
            case RenameCopied r -> 25;
            case PersistAsked r -> 26;
            case PersistIntended r -> 27;
            case PersistDropped r -> 28;
            case PersistEnded r -> 29;
            case DirectoryPersisted r -> 30;
            case DirectorySettled r -> 31;
            case QuotaChanged r -> 32;
            case UsageCounted r -> 33;
            case UsageDropped r -> 34;
            case LinkCreated r -> 35;
            case HoldersChanged r -> 36;
            case EpochBegan r -> 37;
            case WorkerJoined r -> 38;
            case WorkerLeft r -> 39;
            case WorkerLeaving r -> 40;
            case FormatRaised r -> 41;
        };
    }
}
