package io.tarn.master.backup;

import io.tarn.master.record.FieldReader;
import io.tarn.master.record.FieldWriter;
import io.tarn.protocol.error.TarnException;

/**
 * What a backup is of.
 *
 * @param release the release that wrote it
 * @param sequence everything up to this batch of the journal is in it
 */
public record Backup(String clusterId, String release, long epoch, long sequence, long createdMillis) {
    void write(FieldWriter out) {
        out.text(clusterId).text(release).fixed64(epoch).fixed64(sequence).fixed64(createdMillis);
    }

    static Backup read(FieldReader in) throws TarnException {
        return new Backup(in.text(), in.text(), in.fixed64(), in.fixed64(), in.fixed64());
    }
}
