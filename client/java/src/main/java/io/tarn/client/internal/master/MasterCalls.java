package io.tarn.client.internal.master;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tarn.client.ClientOptions;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Retries;
import io.tarn.client.internal.call.Transport;
import io.tarn.client.internal.call.Waiting;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls to whichever master leads: repeated, with the same call number, at the next master when one is away or does not lead. Thread-safe. Completions run
 * on event loops and must not block.
 */
public final class MasterCalls implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(30);
    private static final int LISTING_DEADLINES = 10;

    private final List<MasterAddress> addresses;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger current = new AtomicInteger();
    private final AtomicLong callNumber = new AtomicLong();
    private final long clientId = new SecureRandom().nextLong();
    private final Retries retries;
    private final String user;
    private final Duration deadline;

    public MasterCalls(ClientOptions options, Transport transport, Retries retries) {
        this.addresses = options.masters().stream().map(MasterAddress::parse).toList();
        this.retries = retries;
        this.user = options.user();
        this.deadline = options.deadline();
        for (MasterAddress address : addresses) {
            channels.add(NettyChannelBuilder.forAddress(address.host(), address.port())
                    .eventLoopGroup(transport.group())
                    .channelType(transport.socketChannel())
                    .usePlaintext()
                    .directExecutor()
                    .disableRetry()
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .keepAliveTime(30, TimeUnit.SECONDS)
                    .keepAliveTimeout(10, TimeUnit.SECONDS)
                    .build());
        }
    }

    /** The sender of the next call, with a call number of its own. */
    public Caller caller() {
        return Caller.newBuilder()
                .setClientId(clientId)
                .setCallNumber(callNumber.incrementAndGet())
                .setUser(user)
                .build();
    }

    public <Q, R> CompletableFuture<R> start(MethodDescriptor<Q, R> method, Q request) {
        return retries.run(() -> attempt(method, request), (failure, failures) -> Failures.isTransient(failure));
    }

    public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) throws TarnException {
        return Waiting.on(start(method, request));
    }

    /** One try of a call that must not be repeated. @throws TarnException OUTCOME_UNKNOWN where no answer came */
    public <Q, R> R callOnce(MethodDescriptor<Q, R> method, Q request) throws TarnException {
        try {
            return Waiting.on(attemptOnce(method, request));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.TIMEOUT) {
                throw new TarnException(ErrorCode.OUTCOME_UNKNOWN, "no answer came: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** One try of a call whose answers stream; failures come out of the iterator: give them to {@link #failure}. */
    public <Q, R> Iterator<R> stream(MethodDescriptor<Q, R> method, Q request) {
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(LISTING_DEADLINES * deadline.toMillis(), TimeUnit.MILLISECONDS);
        return ClientCalls.blockingServerStreamingCall(channel(current.get()), method, options, request);
    }

    /** Like {@link #stream}, for as long as the master lives. */
    public <Q, R> Iterator<R> longStream(MethodDescriptor<Q, R> method, Q request) {
        return ClientCalls.blockingServerStreamingCall(channel(current.get()), method, CallOptions.DEFAULT, request);
    }

    /** What a failed call meant; from now on another master is asked where this one was the trouble. */
    public TarnException failure(Throwable thrown) {
        return moveOn(current.get(), thrown);
    }

    /** Asks one master after the other, until one takes the call or each has been asked once. */
    private <Q, R> CompletableFuture<R> attempt(MethodDescriptor<Q, R> method, Q request) {
        return attempt(method, request, channels.size() - 1);
    }

    private <Q, R> CompletableFuture<R> attempt(MethodDescriptor<Q, R> method, Q request, int others) {
        return attemptOnce(method, request).exceptionallyCompose(thrown -> {
            TarnException failure = Failures.of(thrown);
            if (others == 0 || !isElsewhere(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            return attempt(method, request, others - 1)
                    .exceptionallyCompose(
                            next -> CompletableFuture.failedFuture(moreTelling(failure, Failures.of(next))));
        });
    }

    private static TarnException moreTelling(TarnException one, TarnException other) {
        return other.code() == ErrorCode.NOT_LEADER ? one : other;
    }

    private static boolean isElsewhere(TarnException failure) {
        return failure.code() == ErrorCode.UNAVAILABLE || failure.code() == ErrorCode.NOT_LEADER;
    }

    private <Q, R> CompletableFuture<R> attemptOnce(MethodDescriptor<Q, R> method, Q request) {
        CompletableFuture<R> outcome = new CompletableFuture<>();
        int index = current.get();
        long attemptMillis = Math.min(deadline.toMillis(), LONGEST_ATTEMPT.toMillis());
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(attemptMillis, TimeUnit.MILLISECONDS);
        ClientCalls.asyncUnaryCall(channel(index).newCall(method, options), request, new StreamObserver<R>() {
            @Override
            public void onNext(R answer) {
                outcome.complete(answer);
            }

            @Override
            public void onError(Throwable thrown) {
                outcome.completeExceptionally(moveOn(index, thrown));
            }

            @Override
            public void onCompleted() {
                outcome.completeExceptionally(new TarnException(
                        ErrorCode.MALFORMED, "an answer without content from " + addresses.get(index)));
            }
        });
        return outcome;
    }

    private TarnException moveOn(int index, Throwable thrown) {
        TarnException failure = CallFailures.of(thrown, addresses.get(index).toString());
        if (isElsewhere(failure)) {
            current.compareAndSet(index, (index + 1) % channels.size());
            channels.get(current.get()).resetConnectBackoff();
        }
        return failure;
    }

    private Channel channel(int index) {
        return channels.get(index);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
