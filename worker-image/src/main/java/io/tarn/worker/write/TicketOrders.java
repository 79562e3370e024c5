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

/** Carries out, on threads of their own, what the master orders for single files, and keeps the receipts until the master has them. Safe for many threads. */
public final class TicketOrders {
    private static final Logger log = LoggerFactory.getLogger(TicketOrders.class);

    private final String what;
    private final Work work;
    private final WriteService writes;
    private final Executor threads;
    private final Set<FileVersion> underWay = new HashSet<>();
    private final List<SignedReceipt> receipts = new ArrayList<>();

    /** What is done for a file; may block. */
    public interface Work {
        SignedReceipt run(SignedTicket signed, Ticket ticket) throws TarnException;
    }

    /**
     * @param what for messages: what is done to a file
     * @param threads runs each task on a thread of its own
     */
    public TicketOrders(String what, Work work, WriteService writes, Executor threads) {
        this.what = what;
        this.work = work;
        this.writes = writes;
        this.threads = threads;
    }

    /** Begins; an order that is repeated meanwhile, or cannot be carried out, is left to the next repetition. */
    public void order(SignedTicket signed) {
        try {
            Ticket ticket = writes.checked(signed);
            FileVersion version = FileVersion.of(ticket.getVersion());
            synchronized (this) {
                if (!underWay.add(version)) {
                    return;
                }
            }
            threads.execute(() -> run(signed, ticket, version));
        } catch (TarnException e) {
            log.warn("an order to {} a file is not carried out: {}", what, e.getMessage());
        }
    }

    private void run(SignedTicket signed, Ticket ticket, FileVersion version) {
        try {
            SignedReceipt receipt = work.run(signed, ticket);
            synchronized (this) {
                receipts.add(receipt);
            }
        } catch (TarnException e) {
            log.warn("could not {} {} yet: {}", what, ticket.getPath(), e.getMessage());
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
