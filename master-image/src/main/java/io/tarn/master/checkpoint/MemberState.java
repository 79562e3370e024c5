package io.tarn.master.checkpoint;

import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.TarnException;

/** The state of a master whose journal is elsewhere. Thread-safe. */
public interface MemberState extends AutoCloseable {
    /** Another one after each {@link #renew}. */
    StateStore store();

    /** Opens the state again, where it is older than the journal reaches back by now: another master's, then. Nobody uses the store meanwhile. */
    void renew() throws TarnException;

    /** The state as it is now, for another master. Close it. */
    StateCopy copyState() throws TarnException;

    @Override
    void close();
}
