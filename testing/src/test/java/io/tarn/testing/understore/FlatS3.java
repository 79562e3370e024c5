package io.tarn.testing.understore;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tarn.testing.understore.FlatBucket.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** S3 with one flat bucket in memory, which answers wrongly on demand: for faults and keys that no server of the tests can be made to have. */
final class FlatS3 implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    final FlatBucket bucket = new FlatBucket();
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    /**
     * What happens to the next request that fits.
     *
     * @param request method and a part of the target, such as "GET " or "POST uploadId"
     * @param status answered in place of the right answer; 0 = the right one
     * @param code of an error answer
     * @param cutAfterBytes of the right answer's body; -1 = no answer at all, after the request was carried out
     */
    record Fault(String request, int status, String code, int cutAfterBytes) {
        static Fault answer(String request, int status, String code) {
            return new Fault(request, status, code, 0);
        }

        static Fault cut(String request, int afterBytes) {
            return new Fault(request, 0, "", afterBytes);
        }

        static Fault loseAnswer(String request) {
            return new Fault(request, 0, "", -1);
        }
    }

    FlatS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                serve(exchange);
            }
        });
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = body(exchange);
        Fault fault = fault(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (fault != null && fault.status() > 0) {
            answer(exchange, null, error(fault.status(), fault.code()));
            return;
        }
        answer(exchange, fault, carryOut(exchange, body));
    }

    private @Nullable Fault fault(String request) {
        for (Fault fault : faults) {
            String[] words = fault.request().split(" ", 2);
            boolean fits = request.startsWith(words[0]) && (words.length < 2 || request.contains(words[1]));
            if (fits && faults.remove(fault)) {
                return fault;
            }
        }
        return null;
    }

    private record Answer(int status, byte[] body, Map<String, String> headers) {
        static Answer of(int status, String body) {
            return new Answer(status, body.getBytes(StandardCharsets.UTF_8), Map.of());
        }
    }

    private static Answer error(int status, String code) {
        return Answer.of(status, "<Error><Code>" + code + "</Code><Message>no</Message></Error>");
    }

    private void answer(HttpExchange exchange, @Nullable Fault fault, Answer answer) throws IOException {
        if (fault != null && fault.cutAfterBytes() < 0) {
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body().length));
        }
        exchange.sendResponseHeaders(answer.status(), head || answer.body().length == 0 ? -1 : answer.body().length);
        if (!head && answer.body().length > 0) {
            int length = fault == null ? answer.body().length : fault.cutAfterBytes();
            exchange.getResponseBody().write(answer.body(), 0, length);
            exchange.getResponseBody().flush();
        }
    }

    private Answer carryOut(HttpExchange exchange, byte[] body) {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String path = decode(exchange.getRequestURI().getRawPath().replace("+", "%2B"));
        int slash = path.indexOf('/', 1);
        String key = slash < 0 ? "" : path.substring(slash + 1);
        String mark = exchange.getRequestHeaders().getFirst("x-amz-meta-tarn-upload");
        return switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> key.isEmpty() ? Answer.of(200, bucket.list(query)) : get(exchange, key);
            case "PUT" -> {
                String upload = query.get("uploadId");
                if (upload != null) {
                    var parts = bucket.uploads.get(upload);
                    if (parts == null) {
                        yield error(404, "NoSuchUpload");
                    }
                    parts.put(Integer.parseInt(query.getOrDefault("partNumber", "0")), body);
                    yield new Answer(200, new byte[0], Map.of("ETag", "\"part\""));
                }
                yield store(exchange, key, new StoredObject(body, mark));
            }
            case "POST" -> post(exchange, key, query, mark, new String(body, StandardCharsets.UTF_8));
            case "DELETE" -> {
                String upload = query.get("uploadId");
                boolean gone = upload != null && bucket.uploads.remove(upload) == null;
                if (upload == null) {
                    bucket.objects.remove(key);
                }
                yield gone ? error(404, "NoSuchUpload") : Answer.of(204, "");
            }
            default -> error(405, "MethodNotAllowed");
        };
    }

    private Answer post(
            HttpExchange exchange, String key, Map<String, String> query, @Nullable String mark, String body) {
        if (query.containsKey("delete")) {
            Matcher matcher = Pattern.compile("<Key>([^<]*)</Key>").matcher(body);
            while (matcher.find()) {
                bucket.objects.remove(matcher.group(1)
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&amp;", "&"));
            }
            return Answer.of(200, "<DeleteResult></DeleteResult>");
        }
        if (query.containsKey("uploads")) {
            String id = "upload-" + bucket.marks.size();
            bucket.marks.put(id, mark == null ? "" : mark);
            bucket.uploads.put(id, new java.util.concurrent.ConcurrentSkipListMap<>());
            return Answer.of(
                    200,
                    "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
        }
        String id = query.getOrDefault("uploadId", "");
        var parts = bucket.uploads.get(id);
        if (parts == null) {
            return error(404, "NoSuchUpload");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        parts.values().forEach(whole::writeBytes);
        Answer stored = store(exchange, key, new StoredObject(whole.toByteArray(), bucket.marks.get(id)));
        if (stored.status() != 200) {
            return stored;
        }
        bucket.uploads.remove(id);
        String tag = stored.headers().getOrDefault("ETag", "").replace("\"", "&quot;");
        return Answer.of(
                200, "<CompleteMultipartUploadResult><ETag>" + tag + "</ETag></CompleteMultipartUploadResult>");
    }

    private Answer store(HttpExchange exchange, String key, StoredObject object) {
        StoredObject there = bucket.objects.get(key);
        String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
        if (exchange.getRequestHeaders().containsKey("If-None-Match") && there != null) {
            return error(412, "PreconditionFailed");
        }
        if (ifMatch != null && there == null) {
            return error(404, "NoSuchKey");
        }
        if (ifMatch != null && there != null && !ifMatch.equals(there.entityTag())) {
            return error(412, "PreconditionFailed");
        }
        bucket.objects.put(key, object);
        return new Answer(200, new byte[0], Map.of("ETag", object.entityTag()));
    }

    private Answer get(HttpExchange exchange, String key) {
        StoredObject object = bucket.objects.get(key);
        if (object == null) {
            return error(404, "NoSuchKey");
        }
        String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
        if (ifMatch != null && !ifMatch.equals(object.entityTag())) {
            return error(412, "PreconditionFailed");
        }
        Map<String, String> headers =
                new HashMap<>(Map.of("ETag", object.entityTag(), "Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT"));
        String mark = object.mark();
        if (mark != null) {
            headers.put("x-amz-meta-tarn-upload", mark);
        }
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        if (!range.matches()) {
            return new Answer(200, object.content(), headers);
        }
        int first = Integer.parseInt(range.group(1));
        int last = Math.min(Integer.parseInt(range.group(2)), object.content().length - 1);
        if (first > last) {
            return error(416, "InvalidRange");
        }
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + object.content().length);
        return new Answer(206, Arrays.copyOfRange(object.content(), first, last + 1), headers);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? List.<String>of() : List.of(raw.split("&", -1))) {
            int equals = pair.indexOf('=');
            query.put(
                    equals < 0 ? pair : pair.substring(0, equals),
                    equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The request's body, out of the signed chunks in which the SDK may send it. */
    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] raw = exchange.getRequestBody().readAllBytes();
        String kind = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
        if (!kind.startsWith("STREAMING")) {
            return raw;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int position = 0; position < raw.length; ) {
            int end = position;
            while (raw[end] != '\n') {
                end++;
            }
            String line = new String(raw, position, end - position, StandardCharsets.US_ASCII).strip();
            int length = Integer.parseInt(line.split(";", 2)[0], 16);
            body.write(raw, end + 1, length);
            position = length == 0 ? raw.length : end + 1 + length + 2;
        }
        return body.toByteArray();
    }
}
