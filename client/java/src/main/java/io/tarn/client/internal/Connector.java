package io.tarn.client.internal;

import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.internal.call.Counters;
import io.tarn.client.internal.call.Retries;
import io.tarn.client.internal.call.Transport;
import io.tarn.client.internal.data.DescriptorSource;
import io.tarn.client.internal.data.Lines;
import io.tarn.client.internal.data.WorkerConnections;
import io.tarn.client.internal.master.LeaseKeeper;
import io.tarn.client.internal.master.MasterCalls;
import io.tarn.client.internal.master.Namespace;
import io.tarn.client.internal.read.Hedges;
import io.tarn.client.internal.read.ReadServices;
import io.tarn.client.internal.write.Writers;

/** Makes the client's parts and puts them together. */
public final class Connector {
    private Connector() {}

    /** @throws IllegalArgumentException where there is no master's address or one cannot be parsed */
    public static TarnClient connect(ClientOptions options) {
        if (options.masters().isEmpty()) {
            throw new IllegalArgumentException("a client needs the address of a master, host:port");
        }
        Transport transport = Transport.start();
        try {
            Counters counters = new Counters();
            Retries retries = new Retries(transport, counters, options.deadline());
            MasterCalls calls = new MasterCalls(options, transport, retries);
            Namespace namespace = new Namespace(calls);
            WorkerConnections connections = new WorkerConnections(transport);
            Lines lines = new Lines(
                    transport,
                    options.deadline().toMillis(),
                    options.hedgeAfter().toMillis());
            DescriptorSource descriptors = new DescriptorSource(connections);
            Hedges hedges = new Hedges(transport, counters, options.hedgeAfter());
            ReadServices reads = new ReadServices(
                    options, transport, namespace, connections, lines, descriptors, hedges, retries, counters);
            Writers writers = new Writers(
                    options, transport, namespace, new LeaseKeeper(calls, transport), connections, retries, counters);
            return new DefaultClient(namespace, reads, writers, counters, () -> {
                descriptors.close();
                lines.close();
                connections.close();
                calls.close();
                transport.close();
                retries.close();
            });
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }
}
