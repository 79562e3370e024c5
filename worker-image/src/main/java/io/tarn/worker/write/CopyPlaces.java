package io.tarn.worker.write;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.peer.Peers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that may keep copies of one file, in the master's order; each is asked at most twice. For one thread at a time. */
final class CopyPlaces {
    private static final Logger log = LoggerFactory.getLogger(CopyPlaces.class);

    private final Peers peers;
    private final SignedTicket signed;
    private final String path;
    private final Deque<Long> left = new ArrayDeque<>();

    /** @param ownId of this worker, which has the first copy */
    CopyPlaces(Peers peers, SignedTicket signed, Ticket ticket, long ownId) {
        this.peers = peers;
        this.signed = signed;
        this.path = ticket.getPath();
        List<Long> others =
                ticket.getHoldersList().stream().filter(id -> id != ownId).toList();
        left.addAll(others);
        left.addAll(others);
    }

    /**
     * Begins a copy at the next of them.
     *
     * @param inUse that have one already
     * @throws TarnException UNAVAILABLE where nobody is left who takes one
     */
    CopyTarget next(List<Long> inUse) throws TarnException {
        TarnException last = null;
        while (!left.isEmpty()) {
            long workerId = left.poll();
            if (!inUse.contains(workerId)) {
                try {
                    return CopyTarget.open(peers, workerId, signed);
                } catch (TarnException e) {
                    log.warn("no copy of {} on worker {}: {}", path, Long.toHexString(workerId), e.getMessage());
                    last = e;
                }
            }
        }
        throw new TarnException(
                ErrorCode.UNAVAILABLE,
                "no other worker is left to keep a copy of " + path + (last == null ? "" : ": " + last.getMessage()),
                last);
    }
}
