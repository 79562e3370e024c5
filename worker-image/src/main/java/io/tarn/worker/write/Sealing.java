package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals, on threads of their own, files whose writers have gone, and keeps the receipts until the master has them. Safe for many threads. */
public final class Sealing {
    private static final Logger log = LoggerFactory.getLogger(Sealing.class);

    private final WriteService writes;
    private final Executor threads;
    private final Set<FileVersion> underWay = new HashSet<>();
    private final List<SignedReceipt> receipts = new ArrayList<>();

    /** @param threads runs each task on a thread of its own */
    public Sealing(WriteService writes, Executor threads) {
        this.writes = writes;
        this.threads = threads;
    }

    /** Begins to seal; an order that is repeated meanwhile, or cannot be carried out, is left to the next repetition. */
    public void order(SignedTicket signed) {
        try {
            Ticket ticket = writes.checked(signed);
            FileVersion version = FileVersion.of(ticket.getVersion());
            synchronized (this) {
                if (!underWay.add(version)) {
                    return;
                }
            }
            threads.execute(() -> seal(ticket, version));
        } catch (TarnException e) {
            log.warn("an order to seal a file is not carried out: {}", e.getMessage());
        }
    }

    private void seal(Ticket ticket, FileVersion version) {
        try {
            SignedReceipt receipt = writes.seal(ticket);
            synchronized (this) {
                receipts.add(receipt);
            }
        } catch (TarnException e) {
            log.warn("{} is not sealed yet: {}", ticket.getPath(), e.getMessage());
        } finally {
            synchronized (this) {
                underWay.remove(version);
            }
        }
    }

    /** Those that the master does not have yet. */
    public synchronized List<SignedReceipt> receipts() {
        return List.copyOf(receipts);
    }

    public synchronized void told(List<SignedReceipt> told) {
        receipts.removeAll(told);
    }
}
