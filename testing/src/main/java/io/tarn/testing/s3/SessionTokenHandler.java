package io.tarn.testing.s3;

import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Demands the session token that belongs to the access key of a request; the signature is checked behind it. Thread-safe. */
final class SessionTokenHandler extends Handler.Wrapper {
    private static final String CREDENTIAL = "Credential=";
    private static final int BAD_REQUEST = 400;

    private final SessionKeys sessions;

    SessionTokenHandler(Handler next, SessionKeys sessions) {
        super(next);
        this.sessions = sessions;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String accessKey = accessKey(request.getHeaders().get("Authorization"));
        String refusal = accessKey == null
                ? null
                : sessions.refusal(accessKey, request.getHeaders().get("x-amz-security-token"));
        if (refusal == null) {
            return super.handle(request, response, callback);
        }
        response.setStatus(BAD_REQUEST);
        response.getHeaders().put("Content-Type", "application/xml");
        Content.Sink.write(
                response,
                true,
                "<?xml version=\"1.0\"?><Error><Code>" + refusal + "</Code><Message>session token</Message></Error>",
                callback);
        return true;
    }

    private static @Nullable String accessKey(@Nullable String authorization) {
        int start = authorization == null ? -1 : authorization.indexOf(CREDENTIAL);
        if (authorization == null || start < 0) {
            return null;
        }
        int end = authorization.indexOf('/', start);
        return end < 0 ? null : authorization.substring(start + CREDENTIAL.length(), end);
    }
}
