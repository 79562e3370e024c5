package io.tarn.testing.understore;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tarn.testing.s3.SessionKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A token service that speaks STS's query protocol: AssumeRole for signed requests of one access key, AssumeRoleWithWebIdentity for one token at a time.
 * What it hands out is let in by an S3 server. Thread-safe.
 */
final class StsServer implements AutoCloseable {
    static final String ROLE = "arn:aws:iam::123456789012:role/tarn";

    private final HttpServer server;
    private final SessionKeys sessions;
    private final String baseAccessKey;
    private final List<Map<String, String>> exchanges = new CopyOnWriteArrayList<>();
    private final List<String> handedOut = new CopyOnWriteArrayList<>();
    volatile Duration lifetime = Duration.ofHours(1);
    volatile String webIdentityToken = "token-1";

    StsServer(SessionKeys sessions, String baseAccessKey) throws IOException {
        this.sessions = sessions;
        this.baseAccessKey = baseAccessKey;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The parameters of each exchange that succeeded, oldest first. */
    List<Map<String, String>> exchanges() {
        return exchanges;
    }

    /** Access keys, oldest first. */
    List<String> handedOut() {
        return handedOut;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> parameters =
                    parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            String refusal = refusal(parameters, exchange.getRequestHeaders().getFirst("Authorization"));
            String answer = refusal.isEmpty() ? grant(parameters) : error(refusal);
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(refusal.isEmpty() ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> parse(String form) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /** The error code, or "" where the exchange is granted. */
    private String refusal(Map<String, String> parameters, String authorization) {
        if (!ROLE.equals(parameters.get("RoleArn"))) {
            return "AccessDenied";
        }
        boolean signed = authorization != null
                && authorization.contains("Credential=" + baseAccessKey + "/")
                && authorization.contains("/us-east-1/sts/aws4_request");
        return switch (parameters.getOrDefault("Action", "")) {
            case "AssumeRole" -> signed ? "" : "InvalidClientTokenId";
            case "AssumeRoleWithWebIdentity" ->
                authorization == null && webIdentityToken.equals(parameters.get("WebIdentityToken"))
                        ? ""
                        : "InvalidIdentityToken";
            default -> "InvalidAction";
        };
    }

    private synchronized String grant(Map<String, String> parameters) {
        String accessKey = "ASIA" + (handedOut.size() + 1);
        String secretKey = "secret of " + accessKey;
        String token = "token/of+" + accessKey + "==";
        sessions.admit(accessKey, secretKey, token);
        handedOut.add(accessKey);
        exchanges.add(parameters);
        String action = parameters.get("Action");
        return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action + "Result>"
                + "<AssumedRoleUser><AssumedRoleId>A:tarn</AssumedRoleId><Arn>" + ROLE + "/tarn</Arn></AssumedRoleUser>"
                + "<Credentials><AccessKeyId>" + accessKey + "</AccessKeyId><SecretAccessKey>" + secretKey
                + "</SecretAccessKey><SessionToken>" + token + "</SessionToken><Expiration>"
                + Instant.now().plus(lifetime) + "</Expiration></Credentials></" + action + "Result>"
                + "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></" + action + "Response>";
    }

    private static String error(String code) {
        return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>"
                + code + "</Code><Message>refused</Message></Error><RequestId>1</RequestId></ErrorResponse>";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
