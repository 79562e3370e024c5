package io.tarn.master.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.tarn.master.backup.Backup;
import io.tarn.master.backup.BackupWriter;
import io.tarn.protocol.v1.BackupDescription;
import io.tarn.protocol.v1.BackupEnd;
import io.tarn.protocol.v1.BackupResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A backup as messages. For one thread. */
final class BackupStream implements Streams.Source<BackupResponse> {
    private final BackupWriter writer;
    private boolean described;
    private boolean ended;

    BackupStream(BackupWriter writer) {
        this.writer = writer;
    }

    @Override
    public @Nullable BackupResponse next() {
        if (!described) {
            described = true;
            return description();
        }
        ByteBuffer bytes = writer.next();
        if (bytes != null) {
            return BackupResponse.newBuilder()
                    .setContent(UnsafeByteOperations.unsafeWrap(bytes))
                    .build();
        }
        if (ended) {
            return null;
        }
        ended = true;
        return BackupResponse.newBuilder()
                .setEnd(BackupEnd.newBuilder()
                        .setLengthBytes(writer.lengthBytes())
                        .setCrc32C(writer.checksum())
                        .setEntries(writer.entryCount()))
                .build();
    }

    private BackupResponse description() {
        Backup backup = writer.backup();
        return BackupResponse.newBuilder()
                .setDescription(BackupDescription.newBuilder()
                        .setClusterId(backup.clusterId())
                        .setEpoch(backup.epoch())
                        .setSequence(backup.sequence())
                        .setCreatedMillis(backup.createdMillis()))
                .build();
    }

    @Override
    public void close() {
        writer.close();
    }
}
