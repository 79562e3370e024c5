package io.tarn.master.membership;

import io.tarn.protocol.v1.SignedTicket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tickets for a worker's next sign of life, one for each file; told once, since who wants something of the worker asks again. Safe for many threads. */
final class ToldOnce {
    private final int most;
    private final Map<Long, SignedTicket> byFile = new LinkedHashMap<>();

    /** @param most that wait at a time; further ones are left to the next asking */
    ToldOnce(int most) {
        this.most = most;
    }

    synchronized void add(long fileId, SignedTicket ticket) {
        if (byFile.size() < most) {
            byFile.put(fileId, ticket);
        }
    }

    synchronized List<SignedTicket> take() {
        List<SignedTicket> taken = List.copyOf(byFile.values());
        byFile.clear();
        return taken;
    }
}
