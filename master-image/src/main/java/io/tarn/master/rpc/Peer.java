package io.tarn.master.rpc;

import io.tarn.master.checkpoint.StateCopy;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MasterInfo;

/** What a master tells others that take part with it. Safe for many threads. */
public interface Peer {
    /** How it is. */
    MasterInfo info();

    /** Its state as it is now. Close it. */
    StateCopy copyState() throws TarnException;
}
