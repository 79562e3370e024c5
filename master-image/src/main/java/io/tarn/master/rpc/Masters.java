package io.tarn.master.rpc;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Finding;
import io.tarn.protocol.v1.MasterInfo;
import java.util.List;
import java.util.SortedMap;

/** The masters of a cluster as its leader sees them. Safe for many threads. */
public interface Masters {
    /** Whether there can be no others. */
    boolean isAlone();

    /** Those that take part. May wait for etcd, and a second for one that does not answer. */
    List<MasterInfo> infos() throws TarnException;

    /** Those that take part, by their addresses, each with the newest {@link io.tarn.master.state.Format} that it reads. May wait for etcd. */
    SortedMap<String, Integer> formats() throws TarnException;

    /** How what the leader needs of others is; empty where it needs nothing. May wait for etcd. */
    List<Finding> checkUp() throws TarnException;

    /**
     * Chooses who alone may lead after {@link #stepDown}, for a moment.
     *
     * @param address empty: the one that is furthest
     * @return which
     * @throws TarnException INVALID_ARGUMENT where it takes no part; UNSUPPORTED where this one is alone
     */
    String nameSuccessor(String address) throws TarnException;

    /** Leads no more, once what is under way has been answered. */
    void stepDown();
}
