package io.tarn.master.mirror;

import io.tarn.master.record.MountEntry;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;

/** The mirror does not know enough: load, then look again. Never reaches a caller of the master. */
public final class MirrorMiss extends TarnException {
    private static final long serialVersionUID = 1;

    private final transient MountEntry mount;
    private final String path;
    private final boolean children;
    private final long notBeforeMillis;

    private MirrorMiss(MountEntry mount, String path, boolean children, long notBeforeMillis) {
        super(ErrorCode.UNAVAILABLE, "the metadata of " + mount + " must be loaded first");
        this.mount = mount;
        this.path = path;
        this.children = children;
        this.notBeforeMillis = notBeforeMillis;
    }

    /** The status of one path is missing or too old. */
    public static MirrorMiss ofStatus(MountEntry mount, String path, long notBeforeMillis) {
        return new MirrorMiss(mount, path, false, notBeforeMillis);
    }

    /** The children of a directory are missing or too old. */
    public static MirrorMiss ofChildren(MountEntry mount, String directory, long notBeforeMillis) {
        return new MirrorMiss(mount, directory, true, notBeforeMillis);
    }

    MountEntry mount() {
        return mount;
    }

    String path() {
        return path;
    }

    boolean children() {
        return children;
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    /** Thrown on the way to every first look: it needs no stack. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
