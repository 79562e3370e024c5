package io.tarn.master.state;

/** The tables of the namespace's state. Those that are journaled change only by replay. */
public enum Table {
    /** Settings of the state itself: applied sequence, epoch, id range, counters. */
    META(true),
    /** Inode id -> owned inode. */
    INODE(true),
    /** Directory key + name -> owned inode id. */
    EDGE(true),
    /** Directory key + name -> id of the inode being written there. */
    PENDING(true),
    /** Mount id -> mount. */
    MOUNT(true),
    /** Mount id + path -> attributes that the store cannot hold. */
    OVERLAY(true),
    /** Mount id + path -> what is deleted here but not yet in the store. */
    TOMBSTONE(true),
    /** Operation id -> a change of the under store that is under way. */
    INTENT(true),
    /** Client id + call number -> the answer to a call that was applied. */
    CALL(true),
    /** Inode id of a detached tree -> nothing; reclaimed in the background. */
    DETACHED(true),
    /** Inode id -> when it is to be persisted. */
    UNPERSISTED(true),
    /** Mount id + path -> a persist that may have happened there. */
    PERSISTING(true),
    /** Operation id + number -> which versions a rename by copies has copied. */
    COPIED(true),
    /** Directory key -> how much may count below it. */
    QUOTA(true),
    /** Directory key -> how much counts below it. */
    USAGE(true),
    /** Directory key, or that of a file, which has a time to live -> nothing. */
    TTL(true),
    /** Mount id + depth + path -> what the store held when last looked at. A cache: not journaled. */
    MIRROR(false);

    private final boolean journaled;

    Table(boolean journaled) {
        this.journaled = journaled;
    }

    public boolean journaled() {
        return journaled;
    }
}
