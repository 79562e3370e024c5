package io.tarn.master;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MasterInfo;
import java.util.List;

/** The masters of a cluster as its leader sees them. Safe for many threads. */
interface Masters {
    /** As {@link io.tarn.master.rpc.ClusterFacts#masters}. */
    List<MasterInfo> infos() throws TarnException;

    /** As {@link io.tarn.master.rpc.ClusterFacts#nameSuccessor}. */
    String nameSuccessor(String address) throws TarnException;

    /** As {@link io.tarn.master.rpc.ClusterFacts#stepDown}. */
    void stepDown();
}
