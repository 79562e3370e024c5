package io.tarn.worker.persist;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.worker.entrylog.EntryLog;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What {@link PersistedVersions} keeps of each: int64 int64 version, int64 until, int64 mount, path, tag (as DataOutput writes them). Stateless. */
final class PersistedCodec implements EntryLog.Codec<Persisted> {
    @Override
    public void write(Persisted entry, DataOutputStream fields) throws IOException {
        fields.writeLong(entry.old().high());
        fields.writeLong(entry.old().low());
        fields.writeLong(entry.untilMillis());
        fields.writeLong(entry.backing().getMountId());
        fields.writeUTF(entry.backing().getPath());
        fields.writeUTF(entry.backing().getVersionTag());
    }

    @Override
    public Persisted read(DataInputStream fields) throws IOException {
        FileVersion old = new FileVersion(fields.readLong(), fields.readLong());
        long untilMillis = fields.readLong();
        Backing.Builder backing = Backing.newBuilder().setMountId(fields.readLong());
        backing.setPath(fields.readUTF()).setVersionTag(fields.readUTF());
        return new Persisted(old, backing.build(), untilMillis);
    }
}
