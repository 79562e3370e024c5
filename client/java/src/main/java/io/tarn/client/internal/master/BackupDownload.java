package io.tarn.client.internal.master;

import io.grpc.Context;
import io.tarn.client.BackupResult;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.AdminServiceGrpc;
import io.tarn.protocol.v1.BackupDescription;
import io.tarn.protocol.v1.BackupEnd;
import io.tarn.protocol.v1.BackupRequest;
import io.tarn.protocol.v1.BackupResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Iterator;
import java.util.zip.CRC32C;

/** Takes a backup from a master, without a deadline of the whole: it may be large. One try; for one thread. */
final class BackupDownload {
    private final MasterCalls calls;
    private final WritableByteChannel target;
    private final CRC32C checksum = new CRC32C();
    private BackupDescription description = BackupDescription.getDefaultInstance();
    private long lengthBytes;

    BackupDownload(MasterCalls calls, WritableByteChannel target) {
        this.calls = calls;
        this.target = target;
    }

    /** @throws TarnException where the master fails, or what has come is not what it has sent; then the target is of no use */
    BackupResult run() throws IOException {
        Context.CancellableContext context = Context.ROOT.withCancellation();
        Context before = context.attach();
        try {
            Iterator<BackupResponse> parts = calls.longStream(
                    AdminServiceGrpc.getBackupMethod(),
                    BackupRequest.newBuilder().setCaller(calls.caller()).build());
            while (hasNext(parts)) {
                BackupResponse part = parts.next();
                switch (part.getPartCase()) {
                    case DESCRIPTION -> description = part.getDescription();
                    case CONTENT -> write(part.getContent().asReadOnlyByteBuffer());
                    case END -> {
                        return result(part.getEnd());
                    }
                    default -> throw incomplete("a part that this release does not know");
                }
            }
            throw incomplete("no end");
        } finally {
            context.detach(before);
            context.cancel(null);
        }
    }

    private boolean hasNext(Iterator<BackupResponse> parts) throws TarnException {
        try {
            return parts.hasNext();
        } catch (RuntimeException e) {
            throw calls.failure(e);
        }
    }

    private void write(ByteBuffer content) throws IOException {
        checksum.update(content.duplicate());
        lengthBytes += content.remaining();
        while (content.hasRemaining()) {
            target.write(content);
        }
    }

    private BackupResult result(BackupEnd end) throws TarnException {
        if (end.getLengthBytes() != lengthBytes || end.getCrc32C() != (int) checksum.getValue()) {
            throw incomplete("other bytes than it sent");
        }
        return new BackupResult(
                description.getClusterId(),
                description.getEpoch(),
                description.getSequence(),
                description.getCreatedMillis(),
                end.getEntries(),
                lengthBytes);
    }

    private static TarnException incomplete(String how) {
        return new TarnException(ErrorCode.MALFORMED, "the backup came with " + how + "; make it again");
    }
}
