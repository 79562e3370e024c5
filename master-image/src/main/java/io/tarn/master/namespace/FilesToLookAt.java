package io.tarn.master.namespace;

/** What {@link Healing} is told by its parts. Safe for many threads. */
interface FilesToLookAt {
    /** A file may lack copies, or be where it should not be. */
    void lookAt(long inodeId);

    /** Any file may. */
    void lookAtAllSoon();

    /** Any file may, in a moment. */
    void lookAtAllLater();
}
