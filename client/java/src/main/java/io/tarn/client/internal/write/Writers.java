package io.tarn.client.internal.write;

import io.netty.buffer.Unpooled;
import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.FileWriter;
import io.tarn.client.WritePolicy;
import io.tarn.client.WriteType;
import io.tarn.client.internal.call.Counters;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Retries;
import io.tarn.client.internal.call.Transport;
import io.tarn.client.internal.call.Waiting;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.Endpoint;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.client.internal.data.WorkerConnections;
import io.tarn.client.internal.master.LeaseKeeper;
import io.tarn.client.internal.master.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.Base;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.OpenWrite;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Creates files and finds a worker that takes their bytes. Thread-safe. */
public final class Writers {
    private static final CreateOptions NEW_VERSION =
            new CreateOptions(WriteType.DEFAULT, true, false, CreateOptions.DEFAULT.mode(), 0, false);

    private final ClientOptions options;
    private final Transport transport;
    private final Namespace namespace;
    private final LeaseKeeper leases;
    private final WorkerConnections connections;
    private final Retries retries;
    private final Counters counters;

    public Writers(
            ClientOptions options,
            Transport transport,
            Namespace namespace,
            LeaseKeeper leases,
            WorkerConnections connections,
            Retries retries,
            Counters counters) {
        this.options = options;
        this.transport = transport;
        this.namespace = namespace;
        this.leases = leases;
        this.connections = connections;
        this.retries = retries;
        this.counters = counters;
    }

    public FileWriter create(String path, CreateOptions create) throws TarnException {
        return start(namespace.create(path, create, options.writePolicy(), null));
    }

    /** Begins with all bytes of the file. */
    public FileWriter append(String path) throws TarnException {
        Base all = Base.newBuilder().setAllBytes(true).build();
        return start(namespace.create(path, NEW_VERSION, options.writePolicy(), all));
    }

    /** Keeps the first bytes of the file. */
    public FileInfo truncate(String path, long lengthBytes) throws TarnException {
        Base first = Base.newBuilder().setLengthBytes(lengthBytes).build();
        FileWriter writer = start(namespace.create(path, NEW_VERSION, options.writePolicy(), first));
        writer.close();
        return writer.info();
    }

    private FileWriter start(CreateResponse created) throws TarnException {
        try {
            LateSink sink = new LateSink(() -> open(created));
            if (created.getBaseLengthBytes() > 0) {
                Waiting.on(sink.open()).awaitBase(created.getBaseLengthBytes());
            } else if (!created.getReceiptNeededForBytesOnly()) {
                var unused = Waiting.on(sink.open());
            }
            return new TarnFileWriter(created, namespace, leases, counters, sink);
        } catch (TarnException e) {
            var unused = namespace.abandon(created.getStatus().getId(), false);
            throw e;
        }
    }

    private CompletableFuture<WorkerSink> open(CreateResponse created) {
        List<Endpoint> endpoints = endpoints(created);
        if (endpoints.isEmpty()) {
            return CompletableFuture.failedFuture(new TarnException(
                    ErrorCode.UNAVAILABLE, "the master knows no worker that could take the file; is one running?"));
        }
        AtomicInteger tries = new AtomicInteger();
        OpenWrite.Builder request = OpenWrite.newBuilder().setTicket(created.getTicket());
        if (created.getBaseLengthBytes() > 0) {
            request.setBaseTicket(created.getBaseTicket()).setBaseLengthBytes(created.getBaseLengthBytes());
        }
        return retries.run(
                () -> connections
                        .get(endpoints.get(tries.getAndIncrement() % endpoints.size()))
                        .thenCompose(connection -> open(connection, request.build())),
                (failure, failures) -> Failures.isTransient(failure));
    }

    /** A worker of this node first, but where another has what the file begins with, or the policy says otherwise. */
    private List<Endpoint> endpoints(CreateResponse created) {
        Stream<Endpoint> endpoints = created.getWorkersList().stream()
                .map(worker -> Endpoint.of(worker, options.useSocket() && transport.hasUnixSockets()));
        boolean asTheMasterSays =
                created.getBaseLengthBytes() > 0 || options.writePolicy().kind() != WritePolicy.Kind.LOCAL_FIRST;
        return asTheMasterSays
                ? endpoints.toList()
                : endpoints
                        .sorted(Comparator.comparing(endpoint -> !endpoint.isUnixSocket()))
                        .toList();
    }

    private CompletableFuture<WorkerSink> open(DataConnection connection, OpenWrite request) {
        long timeoutMillis = options.deadline().toMillis();
        SimpleExchange exchange = new SimpleExchange(
                FrameHeader.of(FrameType.OPEN_WRITE, 0),
                Unpooled.wrappedBuffer(request.toByteArray()),
                FrameType.OPENED);
        connection.send(exchange, timeoutMillis);
        return exchange.outcome()
                .thenApply(answer -> new WorkerSink(connection, answer.header().handle(), timeoutMillis));
    }
}
