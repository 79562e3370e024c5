package io.tarn.worker.pin;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.worker.entrylog.EntryLog;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What {@link PinnedFiles} keeps of each: lifted or not, int64 int64 version, int64 mount, path (as DataOutput writes them). Stateless. */
final class PinCodec implements EntryLog.Codec<Pin> {
    @Override
    public void write(Pin entry, DataOutputStream fields) throws IOException {
        fields.writeBoolean(entry.lifted());
        fields.writeLong(entry.version().high());
        fields.writeLong(entry.version().low());
        fields.writeLong(entry.backing().getMountId());
        fields.writeUTF(entry.backing().getPath());
    }

    @Override
    public Pin read(DataInputStream fields) throws IOException {
        boolean lifted = fields.readBoolean();
        FileVersion version = new FileVersion(fields.readLong(), fields.readLong());
        Backing.Builder backing = Backing.newBuilder().setMountId(fields.readLong());
        return new Pin(version, backing.setPath(fields.readUTF()).build(), System.nanoTime(), lifted);
    }
}
