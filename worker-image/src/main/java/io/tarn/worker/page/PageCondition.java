package io.tarn.worker.page;

/** What the check of a page came to. */
public enum PageCondition {
    /** It is not here. */
    ABSENT,
    /** As it was stored. */
    WHOLE,
    /** It was not, and is absent now: the under store has it. */
    DROPPED,
    /** It is not, or cannot be read, and nothing else has it: reading it gives CORRUPT. */
    LOST
}
