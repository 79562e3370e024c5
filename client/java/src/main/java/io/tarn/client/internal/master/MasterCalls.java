package io.tarn.client.internal.master;

import io.grpc.CallOptions;
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
import io.tarn.protocol.master.MasterAddress;
import io.tarn.protocol.master.MasterNames;
import io.tarn.protocol.v1.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
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
    /** A master that stands still, or whose machine is gone, is not waited for longer at first; a slow call gets more time with each try. */
    private static final long FIRST_ATTEMPT_MILLIS = 5_000;

    private static final long LONGEST_ATTEMPT_MILLIS = 30_000;
    private static final Duration LOOK_UP_PAUSE = Duration.ofSeconds(1);
    private static final int LISTING_DEADLINES = 10;

    private final MasterChannels masters;
    private final AtomicLong callNumber = new AtomicLong();
    private final long clientId = new SecureRandom().nextLong();
    private final Retries retries;
    private final String user;
    private final Duration deadline;

    public MasterCalls(ClientOptions options, Transport transport, Retries retries) {
        this.retries = retries;
        this.user = options.user();
        this.deadline = options.deadline();
        MasterNames names = new MasterNames(
                options.masters().stream().map(MasterAddress::parse).toList());
        this.masters = new MasterChannels(names::lookUp, address -> connect(address, transport), LOOK_UP_PAUSE);
    }

    private static ManagedChannel connect(MasterAddress address, Transport transport) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
                .eventLoopGroup(transport.group())
                .channelType(transport.socketChannel())
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .build();
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
        AtomicInteger timeouts = new AtomicInteger();
        return retries.run(
                () -> attempt(method, request, attemptMillis(timeouts.get()), masters.count() - 1),
                (failure, failures) -> {
                    if (failure.code() == ErrorCode.TIMEOUT) {
                        timeouts.incrementAndGet();
                    }
                    return Failures.isTransient(failure);
                });
    }

    public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) throws TarnException {
        return Waiting.on(start(method, request));
    }

    /** One try of a call that must not be repeated. @throws TarnException OUTCOME_UNKNOWN where no answer came */
    public <Q, R> R callOnce(MethodDescriptor<Q, R> method, Q request) throws TarnException {
        try {
            return Waiting.on(attemptOnce(method, request, attemptMillis(Integer.MAX_VALUE)));
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
        return ClientCalls.blockingServerStreamingCall(masters.current().channel(), method, options, request);
    }

    /** Like {@link #stream}, for as long as the master lives. */
    public <Q, R> Iterator<R> longStream(MethodDescriptor<Q, R> method, Q request) {
        return ClientCalls.blockingServerStreamingCall(
                masters.current().channel(), method, CallOptions.DEFAULT, request);
    }

    /** What a failed call meant; from now on another master is asked where this one was the trouble. */
    public TarnException failure(Throwable thrown) {
        return moveOn(masters.current(), thrown);
    }

    private long attemptMillis(int timeoutsBefore) {
        long longest = Math.min(deadline.toMillis(), LONGEST_ATTEMPT_MILLIS);
        return Math.min(longest, FIRST_ATTEMPT_MILLIS << Math.min(timeoutsBefore, 10));
    }

    /** Asks one master after the other, until one takes the call or each has been asked once. */
    private <Q, R> CompletableFuture<R> attempt(
            MethodDescriptor<Q, R> method, Q request, long attemptMillis, int others) {
        return attemptOnce(method, request, attemptMillis).exceptionallyCompose(thrown -> {
            TarnException failure = Failures.of(thrown);
            if (others == 0 || !isElsewhere(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            return attempt(method, request, attemptMillis, others - 1)
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

    private <Q, R> CompletableFuture<R> attemptOnce(MethodDescriptor<Q, R> method, Q request, long attemptMillis) {
        CompletableFuture<R> outcome = new CompletableFuture<>();
        MasterChannels.Master master = masters.current();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(attemptMillis, TimeUnit.MILLISECONDS);
        ClientCalls.asyncUnaryCall(master.channel().newCall(method, options), request, new StreamObserver<R>() {
            @Override
            public void onNext(R answer) {
                outcome.complete(answer);
            }

            @Override
            public void onError(Throwable thrown) {
                outcome.completeExceptionally(moveOn(master, thrown));
            }

            @Override
            public void onCompleted() {
                outcome.completeExceptionally(
                        new TarnException(ErrorCode.MALFORMED, "an answer without content from " + master.address()));
            }
        });
        return outcome;
    }

    private TarnException moveOn(MasterChannels.Master asked, Throwable thrown) {
        TarnException failure = CallFailures.of(thrown, asked.address().toString());
        if (isElsewhere(failure) || failure.code() == ErrorCode.TIMEOUT) {
            masters.moveOn(asked);
        }
        return failure;
    }

    @Override
    public void close() {
        masters.close();
    }
}
