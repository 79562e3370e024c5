package io.tarn.worker.write;

import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.Ticket;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.cluster.ClusterView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A worker's word on what was written. Stateless. */
final class Receipts {
    private static final long LIFETIME_MILLIS = Duration.ofMinutes(10).toMillis();

    private Receipts() {}

    /**
     * @param stored what the under store holds; null where it holds nothing
     * @param target where it was written to; null: only here
     */
    static Receipt of(
            Ticket ticket,
            long lengthBytes,
            @Nullable StoreStatus stored,
            @Nullable WriteTarget target,
            ClusterView cluster) {
        long now = cluster.clock().millis();
        Receipt.Builder receipt = Receipt.newBuilder()
                .setFileId(ticket.getFileId())
                .setVersion(ticket.getVersion())
                .setLengthBytes(lengthBytes)
                .setModifiedMillis(stored == null ? now : stored.modifiedMillis())
                .addWorkerIds(cluster.workerId())
                .setExpiresMillis(now + LIFETIME_MILLIS);
        if (target != null) {
            receipt.addAllWorkerIds(target.alsoHeldBy()).addAllGivenUpWorkerIds(target.givenUpBy());
        }
        if (stored != null) {
            receipt.setBacking(Backing.newBuilder(ticket.getBacking()).setVersionTag(stored.versionTag()));
        }
        return receipt.build();
    }
}
