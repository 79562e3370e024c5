package io.tarn.master.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection to etcd's members. Every request has a time limit, and nothing is sent twice but by whoever knows that it may be. Safe for many threads. */
public final class EtcdConnection implements AutoCloseable {
    /** More is no answer, but a failure. */
    public static final int MAX_ANSWER_BYTES = 16 << 20;

    private final Client client;
    private final EtcdKeys keys;
    private final EtcdConfig config;

    /** @param client becomes this connection's own */
    public EtcdConnection(Client client, EtcdConfig config) {
        this.client = client;
        this.keys = new EtcdKeys(config.prefix());
        this.config = config;
    }

    /**
     * Does not wait for etcd to answer.
     *
     * @throws TarnException INVALID_ARGUMENT where a setting cannot be used
     */
    public static EtcdConnection open(EtcdConfig config) throws TarnException {
        ClientBuilder client = Client.builder()
                .endpoints(config.endpoints().toArray(String[]::new))
                .connectTimeout(config.timeout())
                .waitForReady(false)
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .retryMaxAttempts(1);
        config.access().applyTo(client, config.isEncrypted());
        return new EtcdConnection(client.build(), config);
    }

    public Client client() {
        return client;
    }

    EtcdConfig config() {
        return config;
    }

    public EtcdKeys keys() {
        return keys;
    }

    /**
     * Waits for the answer to one request.
     *
     * @param doing what fails otherwise, as in "cannot read the journal"
     * @throws TarnException NO_SPACE where etcd certainly did nothing since it is full; PERMISSION_DENIED where this user may not; {@link EtcdUnavailableException}
     *     otherwise: what was asked may have been done or not
     */
    public <T> T await(CompletableFuture<T> answer, String doing) throws TarnException {
        try {
            return answer.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(doing, "the master is stopping", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unavailable(doing, "no answer within " + config.timeout().toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw failure(doing, e.getCause() == null ? e : e.getCause());
        }
    }

    private TarnException failure(String doing, Throwable cause) {
        Status.Code code = cause instanceof EtcdException etcd
                ? Status.Code.valueOf(etcd.getErrorCode().name())
                : Status.fromThrowable(cause).getCode();
        String message = String.valueOf(cause.getMessage());
        if (code == Status.Code.RESOURCE_EXHAUSTED && message.contains("space exceeded")) {
            return new TarnException(
                    ErrorCode.NO_SPACE,
                    "cannot " + doing
                            + ": etcd is full; compact and defragment it, or raise its quota, then clear its NOSPACE alarm",
                    cause);
        }
        // A token that etcd has forgotten, at its restart for instance, is replaced by the client, and the next request
        // has the new one.
        boolean refused = code == Status.Code.PERMISSION_DENIED
                || code == Status.Code.UNAUTHENTICATED
                || message.contains("authentication failed");
        if (refused && !message.contains("invalid auth token")) {
            return new TarnException(
                    ErrorCode.PERMISSION_DENIED,
                    "cannot " + doing + ": etcd refuses this user (" + message
                            + "); it needs rights on keys that begin with " + config.prefix(),
                    cause);
        }
        return unavailable(doing, message, cause);
    }

    private TarnException unavailable(String doing, String why, Throwable cause) {
        return new EtcdUnavailableException(
                "cannot " + doing + ": etcd at " + String.join(", ", config.endpoints()) + " does not answer (" + why
                        + "); check that most of its members run",
                cause);
    }

    @Override
    public void close() {
        client.close();
    }
}
