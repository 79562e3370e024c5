package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SignedReceipt;

/** Takes the answers to what a writer asked, in order, on the session's thread; must not block. */
public interface WriteReplies {
    /** Everything before {@code position} is accepted. {@code takenBytes} = payload bytes of this request, no longer held. */
    void accepted(long requestId, long position, int takenBytes);

    void committed(long requestId, SignedReceipt receipt);

    void failed(long requestId, TarnException failure, int takenBytes);
}
