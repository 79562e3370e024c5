package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.UnderStore.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads one range of one version. A connection that breaks in the middle is taken up again at the byte where it broke, under the same condition, as
 * long as it brings something forward. Used by one thread, once.
 */
final class S3Reader {
    private static final int BUFFER_BYTES = 128 << 10;

    private final S3Requests requests;
    private final String path;
    private final String key;
    private final String versionTag;
    private final long end;
    private long position;

    S3Reader(S3Requests requests, String path, String key, String versionTag, long offset, long lengthBytes) {
        this.requests = requests;
        this.path = path;
        this.key = key;
        this.versionTag = versionTag;
        this.position = offset;
        this.end = offset + lengthBytes;
    }

    void readInto(ByteSink sink) throws TarnException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, end - position))];
        int fruitless = 0;
        while (position < end) {
            long before = position;
            IOException broken = readOnce(buffer, sink);
            fruitless = position > before ? 0 : fruitless + 1;
            if (position < end && fruitless >= requests.settings().attempts()) {
                throw requests.errors()
                        .failure(
                                ErrorCode.STORE_UNAVAILABLE,
                                path,
                                "the connection broke " + fruitless + " times at byte " + position,
                                broken);
            }
        }
    }

    /** Delivers what one request brings; null where its body ended by itself. */
    private @Nullable IOException readOnce(byte[] buffer, ByteSink sink) throws TarnException {
        ResponseInputStream<GetObjectResponse> body = open();
        boolean whole = false;
        try {
            checkLength(body.response());
            while (position < end) {
                int count;
                try {
                    count = body.read(buffer, 0, (int) Math.min(buffer.length, end - position));
                } catch (IOException e) {
                    return e;
                } catch (SdkException e) {
                    return new IOException(e);
                }
                if (count < 0) {
                    return null;
                }
                position += count;
                requests.figures().bytes("get", count);
                sink.accept(ByteBuffer.wrap(buffer, 0, count));
            }
            whole = true;
            return null;
        } finally {
            end(body, whole);
        }
    }

    /** Gives the connection back where it can be used again; cuts it where bytes are left on it. */
    private static void end(ResponseInputStream<GetObjectResponse> body, boolean whole) {
        try {
            if (!whole || body.read() >= 0) {
                body.abort();
            }
            body.close();
        } catch (IOException | SdkException e) {
            body.abort();
        }
    }

    private ResponseInputStream<GetObjectResponse> open() throws TarnException {
        requests.figures().request("get");
        try {
            return requests.client()
                    .getObject(get -> get.bucket(requests.settings().bucket())
                            .key(key)
                            .ifMatch(S3Requests.entityTag(versionTag))
                            .range("bytes=" + position + "-" + (end - 1)));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 416) {
                throw beyond(e);
            }
            if (e.statusCode() == 404 && !S3Errors.code(e).equals("NoSuchBucket")) {
                throw requests.errors().changed(path, "it is gone", e);
            }
            throw requests.errors().failure(path, e);
        } catch (SdkException e) {
            throw requests.errors().failure(path, e);
        }
    }

    private void checkLength(GetObjectResponse response) throws TarnException {
        if (!S3Requests.versionTag(response.eTag()).equals(versionTag)) {
            throw requests.errors().changed(path, "the server ignores If-Match and sent another version", null);
        }
        String range = response.contentRange();
        long start = range == null ? 0 : startOf(range);
        if (start != position) {
            throw requests.errors()
                    .failure(ErrorCode.STORE_UNAVAILABLE, path, "the server sent another range than asked for", null);
        }
        Long length = response.contentLength();
        if (length != null && length < end - position) {
            throw beyond(null);
        }
    }

    private static long startOf(String contentRange) {
        int space = contentRange.indexOf(' ');
        int dash = contentRange.indexOf('-', space);
        return space < 0 || dash < 0 ? 0 : Long.parseLong(contentRange.substring(space + 1, dash));
    }

    private TarnException beyond(@Nullable Throwable cause) {
        return requests.errors()
                .failure(
                        ErrorCode.INVALID_ARGUMENT,
                        path,
                        "the file is shorter than the range that ends at byte " + end,
                        cause);
    }
}
