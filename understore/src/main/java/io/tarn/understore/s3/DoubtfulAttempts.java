package io.tarn.understore.s3;

import java.io.IOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Tells whether any attempt at a request may have been carried out: the SDK repeats a request by itself, and shows the failure of its last attempt only. Each
 * thread is told of its own requests. Safe for many threads.
 */
final class DoubtfulAttempts implements SdkHttpClient {
    private final SdkHttpClient client;
    private final ThreadLocal<Boolean> doubtful = ThreadLocal.withInitial(() -> false);

    DoubtfulAttempts(SdkHttpClient client) {
        this.client = client;
    }

    /** Forgets earlier requests of this thread. */
    void reset() {
        doubtful.remove();
    }

    /** Whether an attempt of this thread since the last reset was sent, and was not refused. */
    boolean any() {
        return doubtful.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest attempt = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                boolean settled = false;
                try {
                    HttpExecuteResponse response = attempt.call();
                    settled = isRefusal(response.httpResponse().statusCode());
                    return response;
                } catch (IOException e) {
                    settled = S3Errors.notSent(e);
                    throw e;
                } finally {
                    if (!settled) {
                        doubtful.set(true);
                    }
                }
            }

            @Override
            public void abort() {
                attempt.abort();
            }
        };
    }

    /**
     * After an answer of success, what fails is its body, or is told there. With 500, 502 and 504 a server may have done what was asked; with 501, 503 and 507 it
     * says that it cannot.
     */
    private static boolean isRefusal(int status) {
        return status >= 300 && (status < 500 || status == 501 || status == 503 || status == 507);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
