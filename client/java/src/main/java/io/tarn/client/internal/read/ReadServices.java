package io.tarn.client.internal.read;

import io.tarn.client.ClientOptions;
import io.tarn.client.internal.call.Counters;
import io.tarn.client.internal.call.Retries;
import io.tarn.client.internal.call.Transport;
import io.tarn.client.internal.data.DescriptorSource;
import io.tarn.client.internal.data.Lines;
import io.tarn.client.internal.data.WorkerConnections;
import io.tarn.client.internal.master.Namespace;

/** What all readers of one client use together. */
public record ReadServices(
        ClientOptions options,
        Transport transport,
        Namespace namespace,
        WorkerConnections connections,
        Lines lines,
        DescriptorSource descriptors,
        Hedges hedges,
        Retries retries,
        Counters counters) {
    boolean unixSockets() {
        return options.useSocket() && transport.hasUnixSockets();
    }

    boolean mayMap() {
        return options.useDescriptors() && unixSockets();
    }

    long timeoutMillis() {
        return options.deadline().toMillis();
    }
}
