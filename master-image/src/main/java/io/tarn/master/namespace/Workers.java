package io.tarn.master.namespace;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;
import java.util.Set;

/** What the namespace needs to know of the workers. Safe for many threads. */
public interface Workers {
    /** Workers that are up: first those that match, then the others, of both the key's home first. */
    List<WorkerAddress> ranked(PlacementKey key, WorkerSelector preferred);

    /** All that are up, the key's home first, without those that are being let go or can keep nothing, unless no others are up. */
    List<Taker> takers(PlacementKey key);

    /** Whether a worker matches; of one that has not been heard of, that is assumed. */
    boolean matches(long workerId, WorkerSelector selector);

    /** From now on these are being let go. */
    void useLeaving(Set<Long> workerIds);

    boolean isLeaving(long workerId);

    /** Whether a worker is up. */
    boolean isAlive(long workerId);

    /** For messages: the worker's host and port, or its id where it was never seen. */
    String describe(long workerId);

    /**
     * Tells workers, by and by, to delete the pages of a version.
     *
     * @return false where the queue is full: try again later
     */
    boolean delete(FileVersion version, List<Long> workerIds);

    /**
     * Tells all workers, once, to drop the pages of a version that a store holds.
     *
     * @return false where a queue is full: try again later
     */
    boolean free(FileVersion version);

    /** Whether none of these workers, as far as they are up, still has pages of the version that it was told to delete. */
    boolean isDeleted(FileVersion version, List<Long> workerIds);

    /** How many workers that match, can keep something, and stay, are up; those that a new leader has yet to hear of are taken to be. */
    int expected(WorkerSelector selector);

    /** For how long nothing has been heard of a worker; of one that never was, since this leader began. */
    long silentMillis(long workerId);

    /** Changes when the worker registers anew; 0 where it is not up, or has not named yet all that only it may hold. */
    long registration(long workerId);

    /** Whether a worker is still to delete a version. */
    boolean isToDelete(FileVersion version, long workerId);

    /** Whether a worker that is up did not name a version when it registered, so that it is to be asked. */
    boolean mayLack(long workerId, FileVersion version);

    /** Asks a worker, with its next sign of life, whether it holds a complete file. */
    void lookFor(long workerId, FileVersion version, long lengthBytes);

    /** What a worker said about a version could not be made use of. */
    void lookAgainFor(long workerId, FileVersion version);

    /** Asks a worker, with its next sign of life, to copy a complete file to one of the ticket's holders. */
    void copy(long workerId, long fileId, SignedTicket ticket);

    /** Asks a worker, with its next signs of life, to end a file at its last flushed byte; asked again until that has come. */
    void seal(long workerId, long fileId, SignedTicket ticket);
}
