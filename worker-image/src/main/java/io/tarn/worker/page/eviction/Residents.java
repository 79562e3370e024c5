package io.tarn.worker.page.eviction;

/** The pages behind the references that the queues hold. Thread-safe, and never calls back into the queues while it holds a page. */
public interface Residents {
    /** Bytes of a page that is present and may be evicted; -1 where the reference is stale. */
    int bytesOf(long reference);

    /** What stands for the page across its eviction and return. */
    long identityOf(long reference);

    /** How often the page was used again since it came or was last asked about: 0 to 3. */
    int frequencyOf(long reference);

    /** Takes one from the frequency. */
    void decrementFrequency(long reference);

    boolean isInMain(long reference);

    /** The page stands in the main queue now; its frequency starts again from 0. @return false where it is no longer present */
    boolean markInMain(long reference);

    /** Gives the page's space back; false where it is in use just now. */
    boolean evict(long reference);
}
