package io.tarn.master.rpc;

import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import java.util.function.BooleanSupplier;

/** Where calls come to. Each is refused that nobody serves at the moment. Safe for many threads. */
public interface CallServer {
    /**
     * Takes the calls of clients and workers, until what is returned is closed.
     *
     * @param leads whether answers may be given; asked before each
     */
    AutoCloseable serve(
            Namespace namespace, WorkerRegistry workers, Masters masters, ClusterFacts facts, BooleanSupplier leads);

    /** Takes the calls of other masters too, from now on and always, until what is returned is closed. */
    AutoCloseable serveAlways(Peer self);
}
