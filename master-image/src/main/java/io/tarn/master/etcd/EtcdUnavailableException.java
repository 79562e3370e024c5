package io.tarn.master.etcd;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;

/** etcd did not answer: what it was asked for may have been done or not. Whoever can wait tries again. */
public final class EtcdUnavailableException extends TarnException {
    private static final long serialVersionUID = 1;

    EtcdUnavailableException(String message, Throwable cause) {
        super(ErrorCode.UNAVAILABLE, message, cause);
    }
}
