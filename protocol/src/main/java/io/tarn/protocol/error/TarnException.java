package io.tarn.protocol.error;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A failure with a code, whose message says what to do about it. */
public class TarnException extends IOException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final int retryAfterMillis;

    public TarnException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public TarnException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, 0);
    }

    public TarnException(ErrorCode code, String message, @Nullable Throwable cause, int retryAfterMillis) {
        super(message, cause);
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public ErrorCode code() {
        return code;
    }

    /** For BUSY: how long to wait before the next try; else 0. */
    public int retryAfterMillis() {
        return retryAfterMillis;
    }
}
