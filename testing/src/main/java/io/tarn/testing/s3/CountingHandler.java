package io.tarn.testing.s3;

import java.nio.ByteBuffer;
import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the HTTP server and the S3 protocol: counts each request and its payload bytes, and slows both down. It sees what crosses the
 * socket, whatever the client believes that it read. Thread-safe.
 */
final class CountingHandler extends Handler.Wrapper {
    private static final int FIRST_ERROR_STATUS = 300;

    private final S3Counters counters;
    private final TrafficShaper shaper;

    CountingHandler(Handler s3, S3Counters counters, TrafficShaper shaper) {
        super(s3);
        this.counters = counters;
        this.shaper = shaper;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        S3RequestKind kind =
                S3RequestKind.of(request.getMethod(), path, request.getHttpURI().getQuery());
        counters.request(kind, path, request.getHeaders().get("Range"));
        if (request.getHeaders().contains("x-amz-copy-source")) {
            counters.copy();
        }
        shaper.awaitFirstByte();
        if (request.getMethod().equals("PUT")) {
            CountedRequest counted = new CountedRequest(request);
            return super.handle(counted, new UploadResponse(counted, response), callback);
        }
        Response counted = kind == S3RequestKind.GET ? new CountedResponse(request, response) : response;
        return super.handle(request, counted, callback);
    }

    private final class CountedRequest extends Request.Wrapper {
        /** Where the client signs each chunk of the body, the length without the signatures between them; else -1. */
        private final long decodedLength;

        CountedRequest(Request wrapped) {
            super(wrapped);
            decodedLength = wrapped.getHeaders().getLongField("x-amz-decoded-content-length");
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.hasRemaining()) {
                int bytes = chunk.remaining();
                counters.received(decodedLength < 0 ? bytes : 0);
                shaper.awaitTransfer(bytes);
            }
            return chunk;
        }
    }

    /** Counts a signed upload before its answer leaves, so that a client that has the answer finds it counted. */
    private final class UploadResponse extends Response.Wrapper {
        private final CountedRequest upload;
        private boolean answered;

        UploadResponse(CountedRequest upload, Response wrapped) {
            super(upload, wrapped);
            this.upload = upload;
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            if (!answered && upload.decodedLength > 0 && getStatus() < FIRST_ERROR_STATUS) {
                counters.received(upload.decodedLength);
            }
            answered = true;
            super.write(last, content, callback);
        }
    }

    private final class CountedResponse extends Response.Wrapper {
        CountedResponse(Request request, Response wrapped) {
            super(request, wrapped);
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            if (content != null && getStatus() < FIRST_ERROR_STATUS) {
                int bytes = content.remaining();
                counters.sent(bytes);
                shaper.awaitTransfer(bytes);
            }
            super.write(last, content, callback);
        }
    }
}
