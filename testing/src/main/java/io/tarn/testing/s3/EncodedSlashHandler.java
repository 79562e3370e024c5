package io.tarn.testing.s3;

import org.gaul.shaded.org.eclipse.jetty.http.HttpURI;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;

/**
 * Takes "%2F" in a path for "/", as S3 does. The SDK sends the second slash of {@code a//b} in that form, lest an HTTP client drop it, but signs the
 * plain one; the protocol's front compares signatures over what was sent. Thread-safe.
 */
final class EncodedSlashHandler extends Handler.Wrapper {
    private static final String ENCODED_SLASH = "%2F";

    EncodedSlashHandler(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (!path.contains(ENCODED_SLASH)) {
            return super.handle(request, response, callback);
        }
        HttpURI plain = HttpURI.build(request.getHttpURI())
                .path(path.replace(ENCODED_SLASH, "/"))
                .asImmutable();
        return super.handle(
                new Request.Wrapper(request) {
                    @Override
                    public HttpURI getHttpURI() {
                        return plain;
                    }
                },
                response,
                callback);
    }
}
