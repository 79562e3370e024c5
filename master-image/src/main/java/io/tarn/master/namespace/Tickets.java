package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signs what lets a client read or write one file version at the workers. Safe for many threads. */
final class Tickets {
    private final TicketSigner signer;
    private final InstantSource clock;
    private final long epoch;
    private final long lifetimeMillis;
    private final long blockSizeBytes;

    Tickets(TicketSigner signer, InstantSource clock, long epoch, NamespaceConfig config) {
        this.signer = signer;
        this.clock = clock;
        this.epoch = epoch;
        this.lifetimeMillis = config.ticketLifetime().toMillis();
        this.blockSizeBytes = config.blockSize().bytes();
    }

    SignedTicket toRead(Node file, long fileId, String path, boolean pinned, Placement placement) {
        Ticket.Builder ticket = ticket(fileId, path).setPinned(pinned);
        switch (file) {
            case Node.OwnedNode owned ->
                ticket.setVersion(owned.inode().version().toMessage())
                        .setLengthBytes(owned.inode().lengthBytes())
                        .setBlockSizeBytes(owned.inode().blockSizeBytes());
            case Node.MirroredNode mirrored -> {
                if (!placement.workers().isAny()) {
                    ticket.setHomeWorkers(placement.workers().toString());
                }
                ticket.setVersion(StatusMessages.versionOf(mirrored).toMessage())
                        .setLengthBytes(mirrored.row().lengthBytes())
                        .setBlockSizeBytes(blockSizeBytes)
                        .setBacking(Backing.newBuilder()
                                .setMountId(mirrored.mount().id())
                                .setPath(mirrored.path())
                                .setVersionTag(mirrored.row().versionTag()));
            }
        }
        return signer.sign(ticket.build());
    }

    /**
     * For a file that is written through, the backing is its final place in the store.
     *
     * @param copies how many of the file's holders have to have it
     * @param through null: its data stay in the cache for now
     */
    SignedTicket toWrite(
            Inode pending,
            WriteType writeType,
            boolean durable,
            @Nullable MountPlace through,
            String path,
            boolean pinned,
            int copies) {
        Ticket.Builder ticket = ticket(pending.id(), path)
                .setVersion(pending.version().toMessage())
                .setBlockSizeBytes(pending.blockSizeBytes())
                .setMayWrite(true)
                .setWriteType(writeType)
                .setDurable(durable)
                .setPinned(pinned)
                .setCopies(copies)
                .addAllHolders(pending.holders());
        if (through != null) {
            ticket.setBacking(
                    Backing.newBuilder().setMountId(through.mount().id()).setPath(through.path()));
        }
        return signer.sign(ticket.build());
    }

    /** Lets a worker give a file to another. */
    SignedTicket toCopy(Inode file, List<Long> targets) {
        return signer.sign(ticket(file.id(), file.name())
                .setVersion(file.version().toMessage())
                .setLengthBytes(file.lengthBytes())
                .setBlockSizeBytes(file.blockSizeBytes())
                .setMayWrite(true)
                .setWriteType(WriteType.MUST_CACHE)
                .setCopies(1)
                .addAllHolders(targets)
                .build());
    }

    /** Lets a worker bring a file to its place in the store. */
    SignedTicket toPersist(Inode file, MountPlace place) {
        return signer.sign(ticket(file.id(), place.toString())
                .setVersion(file.version().toMessage())
                .setLengthBytes(file.lengthBytes())
                .setBlockSizeBytes(file.blockSizeBytes())
                .setBacking(Backing.newBuilder().setMountId(place.mount().id()).setPath(place.path()))
                .build());
    }

    Receipt check(SignedReceipt receipt) throws TarnException {
        return signer.check(receipt);
    }

    private Ticket.Builder ticket(long fileId, String path) {
        return Ticket.newBuilder()
                .setFileId(fileId)
                .setExpiresMillis(clock.millis() + lifetimeMillis)
                .setEpoch(epoch)
                .setPath(path);
    }
}
