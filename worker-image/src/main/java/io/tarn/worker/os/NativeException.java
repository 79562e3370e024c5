package io.tarn.worker.os;

import java.io.IOException;

/** A system call that failed, with its errno. */
public final class NativeException extends IOException {
    private static final long serialVersionUID = 1;

    /** Operation not permitted. */
    public static final int EPERM = 1;

    /** Try again: for a file lease, someone has the file open. */
    public static final int EAGAIN = 11;

    /** A file system without this operation. */
    public static final int EOPNOTSUPP = 95;

    private final int errno;

    NativeException(String call, int errno) {
        super(call + " failed with errno " + errno);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
