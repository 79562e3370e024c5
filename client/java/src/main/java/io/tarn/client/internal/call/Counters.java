package io.tarn.client.internal.call;

import io.tarn.client.ClientFigures;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one client does. Thread-safe. */
public final class Counters {
    private final LongAdder localBytes = new LongAdder();
    private final LongAdder descriptorBytes = new LongAdder();
    private final LongAdder remoteBytes = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder hedges = new LongAdder();
    private final LongAdder hedgesWon = new LongAdder();

    /** Bytes that came over a Unix socket or over TCP. */
    public void received(boolean unixSocket, long bytes) {
        (unixSocket ? localBytes : remoteBytes).add(bytes);
    }

    /** Bytes read through a descriptor, without any message. */
    public void readDirectly(long bytes) {
        descriptorBytes.add(bytes);
    }

    public void written(long bytes) {
        writtenBytes.add(bytes);
    }

    public void request() {
        requests.increment();
    }

    public void retry() {
        retries.increment();
    }

    /** A second worker was asked. */
    public void hedge() {
        hedges.increment();
    }

    /** It was faster than the first. */
    public void hedgeWon() {
        hedgesWon.increment();
    }

    public ClientFigures figures() {
        return new ClientFigures(
                localBytes.sum(),
                descriptorBytes.sum(),
                remoteBytes.sum(),
                writtenBytes.sum(),
                requests.sum(),
                retries.sum(),
                hedges.sum(),
                hedgesWon.sum());
    }
}
