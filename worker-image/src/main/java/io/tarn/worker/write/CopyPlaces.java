package io.tarn.worker.write;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.ZoneSpread;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.peer.Peers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that may keep copies of one file, those to prefer first; each is asked at most twice. For one thread at a time. */
final class CopyPlaces {
    private static final Logger log = LoggerFactory.getLogger(CopyPlaces.class);

    private final Peers peers;
    private final SignedTicket signed;
    private final String path;
    private final Deque<Long> left = new ArrayDeque<>();

    private CopyPlaces(Peers peers, SignedTicket signed, Ticket ticket, List<Long> others) {
        this.peers = peers;
        this.signed = signed;
        this.path = ticket.getPath();
        left.addAll(others);
        left.addAll(others);
    }

    /** In the master's order. */
    static CopyPlaces ordered(Peers peers, SignedTicket signed, Ticket ticket, ClusterView cluster) {
        return new CopyPlaces(peers, signed, ticket, others(ticket, cluster));
    }

    /** Those of other zones than this worker's come first: which worker is written to is the client's choice. */
    static CopyPlaces besideThisOne(Peers peers, SignedTicket signed, Ticket ticket, ClusterView cluster) {
        List<String> taken = List.of(cluster.zone(cluster.workerId()));
        return new CopyPlaces(peers, signed, ticket, ZoneSpread.order(others(ticket, cluster), cluster::zone, taken));
    }

    private static List<Long> others(Ticket ticket, ClusterView cluster) {
        return ticket.getHoldersList().stream()
                .filter(id -> id != cluster.workerId())
                .toList();
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
