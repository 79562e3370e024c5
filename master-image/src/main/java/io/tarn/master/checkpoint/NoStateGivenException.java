package io.tarn.master.checkpoint;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;

/** A master needs another one's state, and none gives it at the moment: it may wait for that, as it may not for a directory that it cannot use. */
public final class NoStateGivenException extends TarnException {
    private static final long serialVersionUID = 1;

    public NoStateGivenException(String why) {
        super(ErrorCode.UNAVAILABLE, why);
    }
}
