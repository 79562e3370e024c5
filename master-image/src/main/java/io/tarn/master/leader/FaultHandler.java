package io.tarn.master.leader;

/** What a process does when its leader can no longer be trusted; usually it logs and ends, to start again from disk. Called once, by any thread. */
@FunctionalInterface
public interface FaultHandler {
    /** @param what says in a sentence what was being done */
    void fault(String what, Throwable cause);
}
